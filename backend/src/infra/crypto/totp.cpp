#include "infra/crypto/totp.h"

#include "infra/crypto/crypto.h"

#include <array>
#include <memory>
#include <stdexcept>

#include <stdlib.h>

extern "C" {
#include <liboath/oath.h>
}

namespace afterresume::crypto {

namespace {

constexpr unsigned digits = 6;
constexpr std::size_t secret_bytes = 20;

struct Free {
    void operator()(char* text) const { ::free(text); }
};

// RFC 3986 section 2.3: what needs no escape in a URI.
std::string escaped(std::string_view text) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            for (char digit : hex(std::string_view(&c, 1)))
                out += digit >= 'a' ? static_cast<char>(digit - 32) : digit;
        }
    }
    return out;
}

}  // namespace

std::string totp_secret() { return random(secret_bytes); }

std::string base32(std::string_view bytes) {
    char* made = nullptr;
    std::size_t size = 0;
    if (oath_base32_encode(bytes.data(), bytes.size(), &made, &size) != OATH_OK)
        throw std::runtime_error("liboath encodes no base32");
    std::unique_ptr<char, Free> owned(made);
    std::string out(made, size);
    while (out.ends_with('=')) out.pop_back();
    return out;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
    std::array<char, digits + 1> out{};
    auto failed = oath_hotp_generate(
        secret.data(), secret.size(), static_cast<std::uint64_t>(step), digits, false,
        OATH_HOTP_DYNAMIC_TRUNCATION, out.data()
    );
    if (failed != OATH_OK) throw std::runtime_error("liboath makes no one-time password");
    return out.data();
}

std::optional<std::int64_t> totp_step(
    std::string_view secret, std::string_view code, std::int64_t unix_seconds, std::int64_t after
) {
    std::optional<std::int64_t> found;
    auto now = unix_seconds / totp_seconds;
    for (auto step = now - 1; step <= now + 1; ++step) {
        if (equal_in_constant_time(totp_code(secret, step), code) && step > after) found = step;
    }
    return found;
}

std::string totp_uri(
    std::string_view secret, const std::string& issuer, const std::string& account
) {
    return "otpauth://totp/" + escaped(issuer) + ":" + escaped(account) +
           "?secret=" + base32(secret) + "&issuer=" + escaped(issuer) +
           "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace afterresume::crypto
