#include "fixture.h"

#include "app/composition.h"

#include <fmt/format.h>

namespace afterresume::contract {

// Each on a program of its own, which knows of no flag before it is first asked.
class MaintenanceFlag : public testing::TestWithParam<sql::Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == sql::Dialect::postgres && !sql::test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
    }
    static void turn(Program& program, const std::string& body) {
        auto answer = program.call("POST", "/system/flags/", ada, body);
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    // The one schedule that there is, now.
    static void fire(Program& program) {
        program.run(made_due(program));
        program.run(program.composition().scheduler->turn());
    }
    static Task<bool> made_due(Program& program) {
        static constexpr sql::Statement statement{
            "test.make_due", "UPDATE schedule SET next_run_at = :due"
        };
        auto tx = program.composition().database->begin_engine(sql::Access::write);
        tx->defer(statement, sql::named("due", SystemClock().now() - std::chrono::seconds(1)));
        co_await tx->commit();
        co_return true;
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, MaintenanceFlag, sql::both_databases(), sql::dialect_name);

TEST_P(MaintenanceFlag, LetsNobodyInButOperators) {
    Program program(GetParam());
    turn(program, R"({"flag":"maintenance","on":true})");

    auto refused = program.call("GET", "/api/worklogs/", bob);

    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.text("/code"), "system.maintenance");
    EXPECT_EQ(refused.header("Retry-After"), "60");
    EXPECT_EQ(
        program.call("POST", "/api/auth/password/forgot/", nobody, R"({"email":"a@example.org"})")
            .status,
        503
    );
    EXPECT_EQ(program.call("GET", "/api/worklogs/", ada).status, 200);
    EXPECT_EQ(program.call("GET", "/api/healthz/", nobody).status, 200);
    EXPECT_EQ(program.call("GET", "/api/docs/", nobody).status, 200);
    auto signed_in =
        program.call("POST", "/api/auth/login/", nobody, login_body("bob@example.org"));
    EXPECT_EQ(signed_in.status, 200);
    auto kept = program.call("POST", "/api/auth/token/refresh/", nobody, "", cookie_of(signed_in));
    EXPECT_EQ(kept.status, 200);
    auto wrong =
        program.call("POST", "/api/auth/mfa/", nobody, R"({"mfa_token":"x","code":"000000"})");
    EXPECT_EQ(wrong.text("/code"), "accounts.code_not_usable") << wrong.body;
}

TEST_P(MaintenanceFlag, EndsAndIsWrittenDown) {
    Program program(GetParam());
    turn(program, R"({"flag":"maintenance","on":true})");
    turn(program, R"({"flag":"maintenance","on":false})");

    auto flags = program.call("GET", "/system/flags/", ada);
    auto acts = program.call("GET", "/system/acts/", ada);

    EXPECT_EQ(program.call("GET", "/api/worklogs/", bob).status, 200);
    EXPECT_EQ(flags.text("/items/0/on"), "false");
    EXPECT_EQ(acts.text("/items/0/act"), "switch_flag_off");
    EXPECT_EQ(acts.text("/items/1/act"), "switch_flag_on");
    EXPECT_EQ(acts.text("/items/0/subject"), "maintenance");
}

TEST_P(MaintenanceFlag, LetsNoJobBegin) {
    Program program(GetParam());
    program.work();
    turn(program, R"({"flag":"maintenance","on":true})");
    auto entry = program.call("POST", "/api/worklogs/", ada, R"({"content":"Learned Rust."})");
    auto job = "/api/jobs/" + entry.text("/job_ids/0") + "/";

    program.work();
    auto meanwhile = program.call("GET", job, ada).text("/status");
    turn(program, R"({"flag":"maintenance","on":false})");
    program.work();

    EXPECT_EQ(meanwhile, "queued");
    EXPECT_EQ(program.call("GET", job, ada).text("/status"), "success");
}

TEST_P(MaintenanceFlag, KeepsWhatSchedulesFireUntilItIsOver) {
    Program program(GetParam());
    program.work();
    auto made = program.call(
        "POST", "/api/schedules/", ada,
        R"({"name":"Rare","job_type":"resume.refresh","cron":"0 0 29 2 *"})"
    );
    turn(program, R"({"flag":"maintenance","on":true})");

    fire(program);
    program.work();
    auto history = program.call("GET", made.header("Location") + "history/", ada);
    auto job = "/api/jobs/" + history.text("/items/0/job_id") + "/";
    auto meanwhile = program.call("GET", job, ada).text("/status");
    turn(program, R"({"flag":"maintenance","on":false})");
    program.work();

    EXPECT_EQ(history.text("/items/0/outcome"), "fired");
    EXPECT_EQ(meanwhile, "queued");
    EXPECT_EQ(program.call("GET", job, ada).text("/status"), "success");
}

TEST_P(MaintenanceFlag, MayBeOneTenantsAlone) {
    Program program(GetParam());
    auto bobs = program.call("GET", "/api/auth/me/", bob).number("/tenant_id");
    turn(program, fmt::format(R"({{"flag":"maintenance","on":true,"tenant_id":{}}})", bobs));

    EXPECT_EQ(program.call("GET", "/api/worklogs/", bob).status, 503);
    EXPECT_EQ(program.call("GET", "/api/worklogs/", carol).status, 200);
}

TEST_P(MaintenanceFlag, IsNotSwitchedOffWhereTheSettingsSayOtherwise) {
    Program program(GetParam(), [](config::Settings& settings) {
        settings.maintenance_mode = true;
    });

    auto refused =
        program.call("POST", "/system/flags/", ada, R"({"flag":"maintenance","on":false})");

    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.text("/code"), "system.always_on");
    EXPECT_EQ(program.call("GET", "/system/flags/", ada).text("/always_on/0"), "maintenance");
    EXPECT_EQ(program.call("GET", "/api/worklogs/", ada).status, 200);
    EXPECT_EQ(program.call("GET", "/api/invitations/check/?code=a", nobody).status, 503);
}

}  // namespace afterresume::contract
