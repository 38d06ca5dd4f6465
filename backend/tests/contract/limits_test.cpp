#include "fixture.h"

#include "app/composition.h"
#include "infra/config/settings.h"

#include <fmt/format.h>

namespace afterresume::contract {

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

    auto refused = program->call("POST", "/api/auth/signup/", nobody, body);
    limit(R"("members":2)");
    auto joined = program->call("POST", "/api/auth/signup/", nobody, body);

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

TEST_P(LimitedTenants, AreOnThePlanThatLimitsThem) {
    auto plan_of = [&](Actor who, const std::string& path, const std::string& pointer) {
        return program->call("GET", path, who).at(pointer);
    };
    EXPECT_EQ(plan_of(bob, "/api/tenant/", "/plan"), Json(nullptr));

    limit(R"("plan":"team")");

    EXPECT_EQ(plan_of(bob, "/api/tenant/", "/plan"), Json("team"));
    EXPECT_EQ(plan_of(bob, "/api/tenants/", "/items/0/plan"), Json("team"));
    EXPECT_EQ(plan_of(ada, "/api/tenant/", "/plan"), Json(nullptr));
    limit(R"("members":9)");
    EXPECT_EQ(plan_of(bob, "/api/tenant/", "/plan"), Json(nullptr));
}

TEST_P(LimitedTenants, QueueNoMoreJobsThanTheyMay) {
    program->work();
    limit(R"("queued_jobs":2)");
    const std::string later = R"({"type":"resume.refresh","run_at":"2099-01-01T00:00:00Z"})";
    ASSERT_EQ(write(bob).status, 201);

    auto batch = program->call(
        "POST", "/api/jobs/batch/", bob,
        fmt::format(R"({{"op":"enqueue","items":[{},{}]}})", later, R"({"type":"skills.extract"})")
    );
    auto one = program->call(
        "POST", "/api/jobs/batch/", bob, fmt::format(R"({{"op":"enqueue","items":[{}]}})", later)
    );
    auto entry = write(bob);
    program->work();

    EXPECT_EQ(batch.status, 429);
    EXPECT_EQ(batch.text("/quota/quota"), "queued_jobs");
    EXPECT_EQ(batch.number("/quota/used"), 1);
    EXPECT_EQ(one.status, 200) << one.body;
    EXPECT_EQ(entry.status, 429);
    EXPECT_EQ(entry.number("/quota/used"), 2);
    EXPECT_EQ(program->call("GET", "/api/worklogs/", bob).count("/items"), 1U);
    EXPECT_EQ(write(bob).status, 201);
}

TEST_P(LimitedTenants, QueueNoMoreJobsOfAMemberThanTheirShare) {
    program->work();
    limit(R"("queued_jobs":4)");
    auto member = program->call("GET", "/api/tenant/members/", bob).number("/items/0/id");
    auto capped = program->call(
        "PATCH", fmt::format("/api/tenant/members/{}/", member), bob, R"({"share_percent":50})",
        overwrite
    );
    ASSERT_EQ(capped.status, 200) << capped.body;
    ASSERT_EQ(write(bob).status, 201);
    ASSERT_EQ(write(bob).status, 201);

    auto refused = write(bob);
    auto usage = program->call("GET", "/api/tenant/usage/", bob);
    program->work();

    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.text("/code"), "tenants.quota_exceeded");
    EXPECT_EQ(refused.text("/quota/quota"), "own_queued_jobs");
    EXPECT_EQ(refused.number("/quota/limit"), 2);
    EXPECT_EQ(refused.number("/quota/used"), 2);
    EXPECT_EQ(usage.text("/items/5/quota"), "own_queued_jobs");
    EXPECT_EQ(usage.number("/items/5/limit"), 2);
    EXPECT_EQ(usage.number("/items/5/used"), 2);
    EXPECT_EQ(write(bob).status, 201);
}

TEST_P(LimitedTenants, AskNoMoreOftenThanTheirPlanPermits) {
    auto limit_of = [&](Actor as) {
        return program->call("GET", "/api/tenant/usage/", as).header("RateLimit-Limit");
    };
    auto before = limit_of(bob);
    limit(R"("requests_per_second":1,"requests_at_once":3)");
    int passed = 0;
    auto asked = program->call("GET", "/api/profile/", bob);
    for (; asked.status == 200; ++passed) asked = program->call("GET", "/api/profile/", bob);

    EXPECT_EQ(before, limit_of(ada));
    EXPECT_GE(passed, 3);
    EXPECT_EQ(asked.text("/code"), "request.rate_limited");
    EXPECT_EQ(program->call("GET", "/api/profile/", ada).status, 200);
}

TEST_P(LimitedTenants, RunNoMoreJobsInAQueueThanTheyMay) {
    limit(R"("concurrent_jobs":3)");
    auto tenant = program->call("GET", "/api/auth/me/", bob).number("/tenant_id");

    EXPECT_EQ(program->run(most_running(tenant)), 3);
}

TEST_P(LimitedTenants, AreLimitedTheSameWhereOperatorsChangeThem) {
    auto tenant = program->call("GET", "/api/auth/me/", bob).number("/tenant_id");

    auto changed = program->call(
        "PATCH", fmt::format("/api/admin/tenants/{}/", tenant), ada,
        R"({"limits":{"concurrent_jobs":3,"entries_per_day":1}})", overwrite
    );
    program->run(learned());

    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(program->run(most_running(tenant)), 3);
    EXPECT_EQ(write(bob).status, 201);
    EXPECT_EQ(write(bob).text("/quota/quota"), "entries_per_day");
}

TEST_P(LimitedTenants, AreNotHeldUpByWhoeverIsRefusedFromTheirAddress) {
    program = std::make_unique<Program>(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_ip = {1, 3600, 6};
    });

    const Headers home{{"x-forwarded-for", "192.0.2.7"}};
    std::vector<int> statuses;
    Answer last;
    for (auto who :
         {nobody, forged, expired, truncated, ended_session, wrong_audience, forged, nobody}) {
        last = program->call("GET", "/api/worklogs/", who, {}, home);
        statuses.push_back(last.status);
    }

    EXPECT_THAT(statuses, testing::ElementsAre(401, 401, 401, 401, 401, 401, 429, 429));
    EXPECT_EQ(last.text("/code"), "request.rate_limited");
    EXPECT_EQ(program->call("GET", "/api/worklogs/", ada, {}, home).status, 200);
    EXPECT_EQ(program->call("GET", "/api/healthz/", nobody, {}, home).status, 200);
}

TEST_P(LimitedTenants, AreToldWithEveryAnswerThatWasCountedHowMuchIsLeft) {
    program = std::make_unique<Program>(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_user = {1, 3600, 12};
        settings.rate_limit_ip = {1, 3600, 7};
    });
    struct Row {
        const char* method;
        const char* path;
        Actor who;
        const char* body;
        int status;
        const char* limit;
        const char* remaining;
    };
    const std::vector<Row> rows{
        {"GET", "/api/worklogs/", bob, "", 200, "12", "11"},
        {"HEAD", "/api/worklogs/", bob, "", 200, "12", "10"},
        {"POST", "/api/worklogs/", bob, "{", 400, "12", "9"},
        {"GET", "/system/overview/", bob, "", 404, "12", "8"},
        {"GET", "/api/worklogs/7/", bob, "", 404, "12", "7"},
        {"POST", "/api/worklogs/", bob, "{}", 422, "12", "6"},
        {"PATCH", "/api/worklogs/7/", bob, "{}", 428, "12", "5"},
        {"POST", "/api/worklogs/", carol, R"({"content":"a"})", 403, "12", "11"},
        {"GET", "/api/docs/", nobody, "", 200, "7", "6"},
        {"GET", "/api/docs/none", nobody, "", 404, "7", "5"},
        {"GET", "/api/worklogs/", nobody, "", 401, "7", "4"},
        {"GET", "/api/worklogs/", forged, "", 401, "7", "3"},
        {"GET", "/api/healthz/", nobody, "", 200, "", ""},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(fmt::format("{} {}", row.method, row.path));
        auto answer = program->call(
            row.method, row.path, row.who, row.body, {{"x-forwarded-for", "192.0.2.7"}}
        );

        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(answer.header("RateLimit-Limit"), row.limit);
        EXPECT_EQ(answer.header("RateLimit-Remaining"), row.remaining);
        EXPECT_EQ(answer.header("RateLimit-Reset").empty(), *row.limit == '\0');
    }
}

TEST_P(LimitedTenants, AreToldWhenTheyMayAskAgain) {
    program = std::make_unique<Program>(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_user = {1, 3600, 6};
        settings.rate_limit_ip = {1, 3600, 6};
        settings.rate_limit_login = {1, 3600, 4};
    });
    const Headers home{{"x-forwarded-for", "192.0.2.7"}};
    const Headers guess{{"authorization", "Bearer arp_guess"}, {"x-forwarded-for", "192.0.2.8"}};
    auto until_refused = [&](auto ask) {
        Answer answer = ask();
        for (int i = 0; i < 10 && answer.status != 429; ++i) answer = ask();
        return answer;
    };

    auto user = until_refused([&] { return program->call("GET", "/api/worklogs/", bob); });
    auto login = until_refused([&] {
        return program->call(
            "POST", "/api/auth/login/", nobody, login_body("eve@example.org"), home
        );
    });
    auto address =
        until_refused([&] { return program->call("GET", "/api/docs/", nobody, {}, home); });
    auto guesser =
        until_refused([&] { return program->call("GET", "/api/worklogs/", nobody, {}, guess); });

    EXPECT_EQ(login.header("RateLimit-Limit"), "4");
    for (const auto& refused : {user, address, guesser})
        EXPECT_EQ(refused.header("RateLimit-Limit"), "6");
    for (const auto& refused : {user, login, address, guesser}) {
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(refused.header("RateLimit-Remaining"), "0");
        EXPECT_THAT(refused.header("Retry-After"), testing::MatchesRegex("[1-9][0-9]*"));
        EXPECT_EQ(refused.header("RateLimit-Reset"), refused.header("Retry-After"));
    }
}

TEST_P(LimitedTenants, AreNotHeldUpByWhoeverAsksForWhatIsNotThere) {
    program = std::make_unique<Program>(GetParam(), [](config::Settings& settings) {
        settings.rate_limit_ip = {1, 3600, 6};
        settings.allowed_hosts = {"localhost"};
        settings.admin_ip_allowlist = {"10.1.0.0/16"};
    });
    const Headers home{{"x-forwarded-for", "192.0.2.7"}};
    const Headers elsewhere{{"host", "example.net"}, {"x-forwarded-for", "192.0.2.7"}};
    std::vector<int> statuses;
    auto ask = [&](const std::string& method, const std::string& path, Actor who,
                   const Headers& headers) {
        auto answer = program->call(method, path, who, {}, headers);
        statuses.push_back(answer.status);
        return answer;
    };

    auto nothing = ask("GET", "/api/nothing/", nobody, home);
    auto hidden = ask("GET", "/system/overview/", ada, home);
    ask("DELETE", "/api/worklogs/", nobody, home);
    ask("OPTIONS", "/api/worklogs/", nobody, home);
    ask("GET", "/api/worklogs/", nobody, elsewhere);
    ask("GET", "/api/healthz/", nobody, elsewhere);
    ask("GET", "/metrics", nobody, home);
    ask("OPTIONS", "/api/worklogs/", nobody, home);
    ask("GET", "/api/worklogs/", nobody, elsewhere);

    EXPECT_THAT(statuses, testing::ElementsAre(404, 404, 405, 204, 421, 421, 429, 429, 429));
    EXPECT_EQ(nothing.header("RateLimit-Remaining"), "5");
    EXPECT_EQ(hidden.header("RateLimit-Limit"), nothing.header("RateLimit-Limit"));
    EXPECT_EQ(hidden.header("RateLimit-Remaining"), "4");
    EXPECT_EQ(program->call("GET", "/api/worklogs/", ada, {}, home).status, 200);
    EXPECT_EQ(program->call("GET", "/api/healthz/", nobody, {}, home).status, 200);
}

}  // namespace afterresume::contract
