#include "infra/crypto/crypto.h"

#include "infra/crypto/jwt.h"

#include <gtest/gtest.h>

namespace afterresume::crypto {
namespace {

TEST(Crypto, AgreesWithPublishedVectors) {
    EXPECT_EQ(
        hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    EXPECT_EQ(
        hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

TEST(Crypto, TakesOnlyCanonicalBase64url) {
    EXPECT_EQ(from_base64url("-__-"), "\xfb\xff\xfe");
    for (auto text : {"-__-=", "+//+", "-__", "a", "YQ==", "YR"}) {
        auto back = from_base64url(text);
        EXPECT_TRUE(!back || base64url(*back) == text) << text;
    }
}

TEST(Crypto, OpensOnlyWhatItSealedForTheSameContext) {
    auto key = random(32);
    auto sealed = seal(key, "secret", "tenant 1");

    EXPECT_EQ(open(key, sealed, "tenant 1"), "secret");
    EXPECT_FALSE(open(key, sealed, "tenant 2"));
    EXPECT_FALSE(open(random(32), sealed, "tenant 1"));
    sealed.back() = static_cast<char>(sealed.back() ^ 1);
    EXPECT_FALSE(open(key, sealed, "tenant 1"));
    EXPECT_FALSE(open(key, "short", "tenant 1"));
}

TEST(Crypto, OpensWithWhicheverKeyItIsSealedBy) {
    std::vector<std::string> keys{random(32), random(32)};

    EXPECT_EQ(open(keys, seal(keys[0], "secret", "tenant 1"), "tenant 1"), "secret");
    EXPECT_EQ(open(keys, seal(keys[1], "secret", "tenant 1"), "tenant 1"), "secret");
    EXPECT_FALSE(open(keys, seal(random(32), "secret", "tenant 1"), "tenant 1"));
}

TEST(Crypto, DerivesAnotherKeyForEachPurpose) {
    EXPECT_NE(subkey("master", "sign"), subkey("master", "wrap"));
    EXPECT_EQ(subkey("master", "sign"), subkey("master", "sign"));
}

TEST(Crypto, TellsLongPasswordsApartToTheLastByte) {
    std::string password(100, 'a');
    auto hash = hash_password(password);

    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_TRUE(password_matches(hash, password));
    password.back() = 'b';
    EXPECT_FALSE(password_matches(hash, password));
    EXPECT_FALSE(password_matches("not a hash", password));
    EXPECT_FALSE(needs_rehash(hash));
}

TEST(ContentSecurityPolicy, NamesAnInlineTextByItsHash) {
    // SHA-256 of nothing at all, FIPS 180-4.
    EXPECT_EQ(csp_hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

TEST(Jwt, AcceptsItsOwnTokensOnly) {
    auto token = sign_jwt("key", R"({"sub":"1"})");
    auto payload = token.find('.') + 1;

    EXPECT_EQ(verify_jwt("key", token), R"({"sub":"1"})");
    EXPECT_FALSE(verify_jwt("other", token));
    EXPECT_FALSE(verify_jwt("key", token.substr(0, token.size() - 1)));
    EXPECT_FALSE(verify_jwt("key", token + "="));
    EXPECT_FALSE(verify_jwt("key", token + ".x"));
    EXPECT_FALSE(
        verify_jwt("key", base64url(R"({"alg":"none","typ":"JWT"})") + '.' + token.substr(payload))
    );
    EXPECT_FALSE(
        verify_jwt("key", base64url(R"({"typ":"JWT","alg":"HS256"})") + '.' + token.substr(payload))
    );
    EXPECT_FALSE(verify_jwt("key", std::string(5000, 'a')));
    EXPECT_FALSE(verify_jwt("key", ""));
}

}  // namespace
}  // namespace afterresume::crypto
