#include "api/service_token.h"

#include "core/error.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace afterresume::api {

namespace {

constexpr std::string_view token_header = "x-service-token";
constexpr std::int64_t longest_age = 5 * 60;

Error refused() {
    return Error(
        ErrorKind::forbidden, "request.service_token",
        "This has to come through the page's own server."
    );
}

// The four parts of a token; nothing when there are not four.
std::optional<std::array<std::string_view, 4>> parts_of(std::string_view token) {
    std::array<std::string_view, 4> parts;
    for (std::size_t i = 0; i < 3; ++i) {
        auto colon = token.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        parts[i] = token.substr(0, colon);
        token.remove_prefix(colon + 1);
    }
    parts[3] = token;
    return parts;
}

bool is_nonce(std::string_view text) {
    return text.size() >= 16 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

// How far from now; nothing for what is no time.
std::optional<std::int64_t> age(std::string_view text, Timestamp now) {
    std::int64_t then = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), then);
    if (failure != std::errc() || end != text.data() + text.size() || then < 0) return std::nullopt;
    return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() - then;
}

std::string signature_of(
    const std::string& secret, const http::Request& request, std::string_view timestamp,
    std::string_view nonce, std::string_view body
) {
    auto signed_text = fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}", timestamp, nonce, request.method, request.target,
        request.header("content-type"), request.body.size(), body
    );
    return crypto::hex(crypto::hmac_sha256(secret, signed_text));
}

}  // namespace

ServiceTokens::ServiceTokens(std::vector<std::string> secrets, const Clock& clock, Nonces& nonces)
    : secrets_(std::move(secrets)), clock_(clock), nonces_(nonces) {}

Task<void> ServiceTokens::check(const http::Request& request) {
    // Of several nobody could say which one counts.
    if (request.headers.count(token_header) != 1) throw refused();
    auto parts = parts_of(request.header(token_header));
    if (!parts) throw refused();
    auto [timestamp, nonce, body, signature] = *parts;
    auto old = age(timestamp, clock_.now());
    if (!old || *old > longest_age || *old < -longest_age || !is_nonce(nonce)) throw refused();
    if (body != crypto::hex(crypto::sha256(request.body))) throw refused();
    auto is_right = [&](const std::string& secret) {
        return crypto::equal_in_constant_time(
            signature, signature_of(secret, request, timestamp, nonce, body)
        );
    };
    if (std::ranges::none_of(secrets_, is_right)) throw refused();
    if (!co_await nonces_.take(std::string(nonce))) throw refused();
}

std::string service_token(
    const std::string& secret, const http::Request& request, Timestamp now, const std::string& nonce
) {
    auto timestamp =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    auto body = crypto::hex(crypto::sha256(request.body));
    return fmt::format(
        "{}:{}:{}:{}", timestamp, nonce, body, signature_of(secret, request, timestamp, nonce, body)
    );
}

}  // namespace afterresume::api
