// Signed access tokens: JSON Web Tokens (RFC 7519) with one fixed algorithm, HMAC-SHA256. The
// header is compared with the one we write, byte for byte, so that it never chooses anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace afterresume::crypto {

// `claims` is the JSON of the payload.
std::string sign_jwt(std::string_view key, std::string_view claims);
// The payload's JSON when the token is whole and signed with `key`; nullopt otherwise. Expiry and
// audience are the caller's to check. Tokens over 4 KiB are refused unread.
std::optional<std::string> verify_jwt(std::string_view key, std::string_view token);

}  // namespace afterresume::crypto
