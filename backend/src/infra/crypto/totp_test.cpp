#include "infra/crypto/totp.h"

#include <gtest/gtest.h>

namespace afterresume::crypto {
namespace {

// RFC 6238 appendix B, the last six of its eight digits.
TEST(Totp, MakesTheCodesOfTheStandard) {
    const std::string secret = "12345678901234567890";

    EXPECT_EQ(totp_code(secret, 59 / 30), "287082");
    EXPECT_EQ(totp_code(secret, 1111111109 / 30), "081804");
    EXPECT_EQ(totp_code(secret, 1111111111 / 30), "050471");
    EXPECT_EQ(totp_code(secret, 1234567890 / 30), "005924");
    EXPECT_EQ(totp_code(secret, 2000000000 / 30), "279037");
    EXPECT_EQ(totp_code(secret, 20000000000 / 30), "353130");
}

TEST(Totp, TakesTheStepsBesideTheOneOfNowAndNoOthers) {
    const std::string secret = "12345678901234567890";
    auto step_of = [&](std::int64_t step, std::int64_t after = 0) {
        return totp_step(secret, totp_code(secret, step), 1000 * 30 + 7, after);
    };

    EXPECT_EQ(step_of(998), std::nullopt);
    EXPECT_EQ(step_of(999), 999);
    EXPECT_EQ(step_of(1000), 1000);
    EXPECT_EQ(step_of(1001), 1001);
    EXPECT_EQ(step_of(1002), std::nullopt);
    EXPECT_EQ(step_of(1000, 1000), std::nullopt);
    EXPECT_EQ(totp_step(secret, "", 1000 * 30, 0), std::nullopt);
}

TEST(Totp, TellsAuthenticatorsAllTheyNeed) {
    EXPECT_EQ(
        totp_uri("12345678901234567890", "After Resume", "ada+x@example.com"),
        "otpauth://totp/After%20Resume:ada%2Bx%40example.com"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=After%20Resume"
        "&algorithm=SHA1&digits=6&period=30"
    );
}

}  // namespace
}  // namespace afterresume::crypto
