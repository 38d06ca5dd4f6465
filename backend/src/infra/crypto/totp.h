// One-time passwords by time (RFC 6238) with HMAC-SHA1, six digits and steps of 30 seconds, as
// every authenticator speaks them. Pure; secrets are raw bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace afterresume::crypto {

inline constexpr std::int64_t totp_seconds = 30;

// 160 bits, as RFC 4226 section 4 recommends.
std::string totp_secret();
// RFC 4648 section 6 without padding, as people type it.
std::string base32(std::string_view bytes);
std::string totp_code(std::string_view secret, std::int64_t step);
// The step that `code` belongs to: the one at `unix_seconds`, the one before, or the one after, and
// later than `after`. Takes as long for a wrong code as for a right one.
std::optional<std::int64_t> totp_step(
    std::string_view secret, std::string_view code, std::int64_t unix_seconds, std::int64_t after
);
// otpauth://totp/…, which authenticators read as a QR code.
std::string totp_uri(
    std::string_view secret, const std::string& issuer, const std::string& account
);

}  // namespace afterresume::crypto
