#include "fixture.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

constexpr auto ada = Actor::ada;
constexpr auto bob = Actor::bob;

}  // namespace

class LimitedTenants : public testing::TestWithParam<sql::Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == sql::Dialect::postgres && !sql::test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        program = std::make_unique<Program>(GetParam());
    }
    // Bob's tenant, as ada sets it for the installation.
    Answer limit(const std::string& figures) {
        auto tenant = program->call("GET", "/api/auth/me/", bob).number("/tenant_id");
        auto answer = program->call(
            "POST", "/system/limits/", ada, fmt::format(R"({{"tenant_id":{},{}}})", tenant, figures)
        );
        program->run(learned());
        return answer;
    }
    // As every node does within a second.
    Task<bool> learned() {
        co_await program->composition().quotas.look();
        co_return true;
    }
    Answer write(Actor as) {
        return program->call("POST", "/api/worklogs/", as, R"({"content":"a"})");
    }

    // Of the queue of analyses.
    Task<std::int64_t> most_running(std::int64_t tenant) {
        static constexpr sql::Statement statement{
            "test.share",
            "SELECT max_running FROM tenant_share WHERE queue = 'ai' AND tenant_id = :tenant"
        };
        auto tx = program->composition().database->begin_engine(sql::Access::read);
        co_return co_await tx->one<std::int64_t>(statement, sql::named("tenant", tenant));
    }

    std::unique_ptr<Program> program;
};

INSTANTIATE_TEST_SUITE_P(Engines, LimitedTenants, sql::both_databases(), sql::dialect_name);

TEST_P(LimitedTenants, AreToldWhichQuotaIsUsedUp) {
    auto set = limit(R"("plan":"free","entries_per_day":1)");
    ASSERT_EQ(set.status, 200) << set.body;
    ASSERT_EQ(write(bob).status, 201);

    auto refused = write(bob);

    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("/code"), "tenants.quota_exceeded");
    EXPECT_EQ(refused.text("/quota/quota"), "entries_per_day");
    EXPECT_EQ(refused.number("/quota/limit"), 1);
    EXPECT_EQ(refused.number("/quota/used"), 1);
    EXPECT_THAT(refused.text("/quota/resets_at"), testing::HasSubstr("T00:00:00"));
    EXPECT_EQ(write(ada).status, 201);
}

TEST_P(LimitedTenants, WriteManyAtOnceOrNone) {
    limit(R"("entries_per_day":2)");

    auto refused = program->call(
        "POST", "/api/worklogs/bulk/", bob,
        R"({"items":[{"content":"a"},{"content":"b"},{"content":"c"}]})"
    );

    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(program->call("GET", "/api/worklogs/", bob).count("/items"), 0U);
}

TEST_P(LimitedTenants, LetNobodyInBeyondTheirMembers) {
    limit(R"("members":1)");
    auto code =
        program->call("POST", "/api/invitations/", bob, R"({"role":"member"})").text("/code");
    auto body = fmt::format(
        R"({{"email":"dan@example.org","password":"{}","display_name":"Dan","invitation":"{}"}})",
        password, code
    );

    auto refused = program->call("POST", "/api/auth/signup/", Actor::nobody, body);
    limit(R"("members":2)");
    auto joined = program->call("POST", "/api/auth/signup/", Actor::nobody, body);

    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("/quota/quota"), "members");
    EXPECT_EQ(joined.status, 201);
}

TEST_P(LimitedTenants, SeeWhatTheyMayHaveAndHave) {
    limit(R"("plan":"pro")");
    write(bob);

    auto usage = program->call("GET", "/api/tenant/usage/", bob);

    EXPECT_EQ(usage.text("/items/0/quota"), "entries_per_day");
    EXPECT_EQ(usage.number("/items/0/limit"), 500);
    EXPECT_EQ(usage.number("/items/0/used"), 1);
    EXPECT_EQ(usage.number("/items/1/used"), 1);
    EXPECT_EQ(program->call("GET", "/system/acts/", ada).text("/items/0/act"), "set_limits");
    EXPECT_EQ(limit(R"("plan":"golden")").status, 422);
}

TEST_P(LimitedTenants, RunNoMoreJobsInAQueueThanTheyMay) {
    limit(R"("concurrent_jobs":3)");
    auto tenant = program->call("GET", "/api/auth/me/", bob).number("/tenant_id");

    EXPECT_EQ(program->run(most_running(tenant)), 3);
}

}  // namespace afterresume::contract
