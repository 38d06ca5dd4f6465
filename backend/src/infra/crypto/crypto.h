// The few cryptographic acts of the program, by libsodium and OpenSSL. Pure functions; keys are raw
// bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::crypto {

// Base64 of RFC 4648 section 5 without padding.
std::string base64url(std::string_view bytes);
// nullopt for anything but the canonical form.
std::optional<std::string> from_base64url(std::string_view text);
std::string hex(std::string_view bytes);

std::string random(std::size_t bytes);
// 256 random bits in base64url: a secret that is shown once.
std::string random_token();

// How a Content-Security-Policy names an inline style or script that may stay: 'sha256-…' (CSP
// Level 3, section 2.3.1).
std::string csp_hash(std::string_view text);

// 32 bytes each.
std::string sha256(std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);
bool equal_in_constant_time(std::string_view a, std::string_view b);
// HKDF-SHA256 (RFC 5869) without salt: one independent 32-byte key per purpose.
std::string subkey(std::string_view master, std::string_view purpose);

// XChaCha20-Poly1305 with a random nonce in front; `context` must be the same when opening.
std::string seal(std::string_view key, std::string_view text, std::string_view context);
std::optional<std::string> open(
    std::string_view key, std::string_view sealed, std::string_view context
);

// By whichever of the keys it is sealed with.
std::optional<std::string> open(
    const std::vector<std::string>& keys, std::string_view sealed, std::string_view context
);

// Argon2id, 19 MiB, two passes, in PHC form. Takes tens of milliseconds: never on an I/O thread.
std::string hash_password(std::string_view password);
bool password_matches(std::string_view hash, std::string_view password);
bool needs_rehash(const std::string& hash);

}  // namespace afterresume::crypto
