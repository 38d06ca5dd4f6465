#include "infra/crypto/jwt.h"

#include "infra/crypto/crypto.h"

namespace afterresume::crypto {

namespace {

// {"alg":"HS256","typ":"JWT"}
constexpr std::string_view header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";
constexpr std::size_t longest_token = 4096;

}  // namespace

std::string sign_jwt(std::string_view key, std::string_view claims) {
    auto signed_part = std::string(header) + base64url(claims);
    return signed_part + '.' + base64url(hmac_sha256(key, signed_part));
}

std::optional<std::string> verify_jwt(std::string_view key, std::string_view token) {
    if (token.size() > longest_token || !token.starts_with(header)) return std::nullopt;
    auto dot = token.find('.', header.size());
    if (dot == std::string_view::npos) return std::nullopt;
    auto signature = from_base64url(token.substr(dot + 1));
    if (!signature || !equal_in_constant_time(*signature, hmac_sha256(key, token.substr(0, dot))))
        return std::nullopt;
    return from_base64url(token.substr(header.size(), dot - header.size()));
}

}  // namespace afterresume::crypto
