// Which passwords are taken, and that each counts to its last byte.
#include "fixture.h"

#include "core/describe/writer.h"

#include <fmt/format.h>

namespace afterresume::contract {

class Passwords : public ProgramTest {
protected:
    // The password as JSON.
    Answer sign_up_as(const std::string& email, const std::string& json) {
        return call(
            "POST", "/api/auth/signup/", nobody,
            fmt::format(R"({{"email":"{}","password":{},"display_name":"Someone"}})", email, json)
        );
    }
    int sign_up(const std::string& email, const std::string& secret) {
        return sign_up_as(email, describe::to_json(secret)).status;
    }
    int log_in(const std::string& email, const std::string& secret) {
        auto body =
            fmt::format(R"({{"email":"{}","password":{}}})", email, describe::to_json(secret));
        return call("POST", "/api/auth/login/", nobody, body).status;
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, Passwords, sql::both_databases(), sql::dialect_name);

TEST_P(Passwords, CountToTheirLastByteHoweverLong) {
    auto first_72 = "plover staple 47 orbit " + std::string(24, 'x') + " quartz ledger 12 canyon ";
    ASSERT_EQ(first_72.size(), 72U);
    auto long_one = first_72 + std::string(900, 'y');

    ASSERT_EQ(sign_up("kim@example.org", first_72 + "a"), 201);
    ASSERT_EQ(sign_up("lou@example.org", long_one + "a"), 201);

    EXPECT_EQ(log_in("kim@example.org", first_72 + "a"), 200);
    EXPECT_EQ(log_in("kim@example.org", first_72 + "b"), 401);
    EXPECT_EQ(log_in("kim@example.org", first_72), 401);
    EXPECT_EQ(log_in("lou@example.org", long_one + "a"), 200);
    EXPECT_EQ(log_in("lou@example.org", long_one + "b"), 401);
}

TEST_P(Passwords, AreTheSameInBothFormsOfUnicode) {
    const std::string composed = "caf\u00e9 na\u00efve 47 orbit";
    const std::string decomposed = "cafe\u0301 nai\u0308ve 47 orbit";

    ASSERT_EQ(sign_up("mia@example.org", decomposed), 201);

    EXPECT_EQ(log_in("mia@example.org", composed), 200);
    EXPECT_EQ(log_in("mia@example.org", decomposed), 200);
    EXPECT_EQ(log_in("mia@example.org", "cafe naive 47 orbit"), 401);
}

TEST_P(Passwords, HoldNoNul) {
    auto refused = sign_up_as("ned@example.org", R"("plover staple\u0000 47 orbit")");

    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.text("/errors/0/pointer"), "/password");
    EXPECT_EQ(log_in("ned@example.org", "plover staple"), 401);
}

TEST_P(Passwords, AreNoneOfThoseThatAreGuessedFirst) {
    for (const auto* listed :
         {"thunderbird", "WinnieThePooh", "HelloKitty", "0123456789", "michelle2010", "!Elizabeth1!"
         }) {
        EXPECT_EQ(sign_up("oda@example.org", listed), 422) << listed;
    }
}

}  // namespace afterresume::contract
