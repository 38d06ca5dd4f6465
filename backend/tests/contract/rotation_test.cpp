// What becomes of people and of what is sealed when the program gets other keys.
#include "fixture.h"

#include "app/composition.h"
#include "app/databases.h"
#include "app/resealing.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

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
    void rotate_sealing_key() {
        program->restart([](config::Settings& settings) {
            settings.encryption_key = newer;
            settings.encryption_keys_previous = {settings.secret_key};
        });
    }
    void forget_former_sealing_keys() {
        program->restart([](config::Settings& settings) {
            settings.encryption_keys_previous.clear();
        });
    }
    using Tallies = std::map<std::string, resealing::Tally>;
    Tallies reseal(sql::Access access) {
        auto& composition = program->composition();
        auto owners = app::open_owners_database(composition.io, composition.settings);
        Tallies tallies;
        auto tell = [&](std::string_view things, const resealing::Tally& tally) {
            tallies.emplace(things, tally);
        };
        program->run(
            app::reseal_everything(*owners, access, composition.settings, composition.secret, tell)
        );
        return tallies;
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

TEST_P(Rotation, OfTheSealingKeyIsOverOnceEverythingIsSealedAnew) {
    program->furnish();
    program->call("POST", "/api/auth/mfa/totp/", ada);
    program->call("POST", "/api/tenant/export/", ada);
    program->work();
    rotate_sealing_key();

    auto counted = reseal(sql::Access::read);
    auto done = reseal(sql::Access::write);
    forget_former_sealing_keys();
    auto left = reseal(sql::Access::read);

    EXPECT_EQ(done, counted);
    EXPECT_EQ(counted.size(), 6U);
    for (const auto& [things, tally] : counted) {
        EXPECT_GT(tally.former, 0) << things;
        EXPECT_EQ(tally.unknown, 0) << things;
    }
    for (const auto& [things, tally] : left) {
        EXPECT_EQ(tally.former, 0) << things;
        EXPECT_EQ(tally.unknown, 0) << things;
    }
    auto exported = program->call("GET", "/api/tenant/exports/", ada).number("/items/0/id");
    auto content =
        program->call("GET", fmt::format("/api/tenant/exports/{}/content/", exported), ada);
    EXPECT_EQ(content.text("/format"), "afterresume.tenant_export");
    auto schedule = program->call("GET", "/api/schedules/{ada.schedule}/", ada);
    EXPECT_EQ(schedule.text("/payload/kind"), "weekly") << schedule.body;
    auto wrong = program->call("POST", "/api/auth/mfa/totp/confirm/", ada, R"({"code":"000000"})");
    EXPECT_EQ(wrong.text("/code"), "accounts.wrong_code") << wrong.body;
}

}  // namespace afterresume::contract
