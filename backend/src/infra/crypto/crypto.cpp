#include "infra/crypto/crypto.h"

#include "core/id.h"

#include <sodium.h>

#include <stdexcept>

namespace afterresume::crypto {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory = 19 * 1024 * 1024;
constexpr int base64_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void ready() {
    static const int state = sodium_init();
    if (state < 0) throw std::runtime_error("libsodium could not start");
}

}  // namespace

std::string base64url(std::string_view bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), base64_variant), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), base64_variant);
    out.pop_back();
    return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    auto failed = sodium_base642bin(
        bytes_of(out), out.size(), text.data(), text.size(), nullptr, &size, &end, base64_variant
    );
    if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
    out.resize(size);
    if (base64url(out) != text) return std::nullopt;
    return out;
}

std::string csp_hash(std::string_view text) {
    constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
    auto hash = sha256(text);
    std::string out(sodium_base64_encoded_len(hash.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes_of(hash), hash.size(), variant);
    out.pop_back();
    return "'sha256-" + out + "'";
}

std::string hex(std::string_view bytes) {
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), bytes_of(bytes), bytes.size());
    out.pop_back();
    return out;
}

std::string random(std::size_t bytes) {
    std::string out(bytes, '\0');
    random_bytes(bytes_of(out), bytes);
    return out;
}

std::string random_token() { return base64url(random(32)); }

std::string sha256(std::string_view text) {
    std::string out(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(bytes_of(out), bytes_of(text), text.size());
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
    std::string out(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_final(&state, bytes_of(out));
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string subkey(std::string_view master, std::string_view purpose) {
    auto extracted = hmac_sha256(std::string(32, '\0'), master);
    return hmac_sha256(extracted, std::string(purpose) + '\x01');
}

std::string seal(std::string_view key, std::string_view text, std::string_view context) {
    auto nonce = random(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    std::string out(text.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    unsigned long long size = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes_of(out), &size, bytes_of(text), text.size(), bytes_of(context), context.size(),
        nullptr, bytes_of(nonce), bytes_of(key)
    );
    return nonce + out;
}

std::optional<std::string> open(
    std::string_view key, std::string_view sealed, std::string_view context
) {
    constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    if (sealed.size() < nonce_size + tag_size) return std::nullopt;
    std::string out(sealed.size() - nonce_size - tag_size, '\0');
    unsigned long long size = 0;
    auto failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes_of(out), &size, nullptr, bytes_of(sealed) + nonce_size, sealed.size() - nonce_size,
        bytes_of(context), context.size(), bytes_of(sealed), bytes_of(key)
    );
    if (failed != 0) return std::nullopt;
    return out;
}

std::optional<std::string> open(
    const std::vector<std::string>& keys, std::string_view sealed, std::string_view context
) {
    for (const auto& key : keys) {
        if (auto text = open(key, sealed, context)) return text;
    }
    return std::nullopt;
}

std::string hash_password(std::string_view password) {
    ready();
    std::string out(crypto_pwhash_STRBYTES, '\0');
    auto failed = crypto_pwhash_str_alg(
        out.data(), password.data(), password.size(), passes, memory, crypto_pwhash_ALG_ARGON2ID13
    );
    if (failed != 0) throw std::bad_alloc();
    out.resize(out.find('\0'));
    return out;
}

bool password_matches(std::string_view hash, std::string_view password) {
    ready();
    return crypto_pwhash_str_verify(std::string(hash).c_str(), password.data(), password.size()) ==
           0;
}

bool needs_rehash(const std::string& hash) {
    return crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory) != 0;
}

}  // namespace afterresume::crypto
