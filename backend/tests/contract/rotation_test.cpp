// What becomes of people and of what is sealed when the program gets other keys.
#include "fixture.h"

#include "infra/config/settings.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

constexpr auto ada = Actor::ada;
constexpr auto bob = Actor::bob;
constexpr auto nobody = Actor::nobody;
const std::string newer(40, 'n');

}  // namespace

// Each on a program of its own, which begins with one key for everything.
class Rotation : public testing::TestWithParam<sql::Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == sql::Dialect::postgres && !sql::test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        program.emplace(GetParam());
    }
    void rotate_secret() {
        program->restart([](config::Settings& settings) {
            settings.secret_key_previous = {settings.secret_key};
            settings.secret_key = newer;
        });
    }
    void forget_former_secrets() {
        program->restart([](config::Settings& settings) { settings.secret_key_previous.clear(); });
    }
    int status(Actor as) { return program->call("GET", "/api/auth/me/", as).status; }

    std::optional<Program> program;
};

INSTANTIATE_TEST_SUITE_P(Engines, Rotation, sql::both_databases(), sql::dialect_name);

TEST_P(Rotation, OfTheSecretSignsNobodyOut) {
    rotate_secret();
    auto anew = program->call("POST", "/api/auth/login/", nobody, login_body("bob@example.org"));
    auto during = status(ada);
    forget_former_secrets();
    auto after = status(ada);
    program->set_token(bob, anew.text("/access_token"));

    EXPECT_EQ(during, 200);
    EXPECT_EQ(after, 401);
    EXPECT_EQ(status(bob), 200);
}

TEST_P(Rotation, OfTheSecretLeavesReadableWhatItSealed) {
    program->call("POST", "/api/auth/mfa/totp/", ada);
    auto entry = program->call(
        "POST", "/api/worklogs/", ada,
        R"({"content":"Rewrote the importer in Rust.","occurred_on":"2026-03-02"})"
    );

    rotate_secret();
    program->work();

    auto job = program->call("GET", "/api/jobs/" + entry.text("/job_ids/0") + "/", ada);
    EXPECT_EQ(job.text("/status"), "success") << job.body;
    auto wrong = program->call("POST", "/api/auth/mfa/totp/confirm/", ada, R"({"code":"000000"})");
    EXPECT_EQ(wrong.text("/code"), "accounts.wrong_code") << wrong.body;
}

}  // namespace afterresume::contract
