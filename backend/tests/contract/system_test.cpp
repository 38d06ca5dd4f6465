#include "promise.h"

#include "infra/config/settings.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

std::vector<Promise> looks() {
    return {
        {"Lists the jobs of all tenants",
         ada,
         "GET",
         "/system/jobs/?page_size=100",
         "",
         200,
         {"{ada.job}", R"("tenant_id":)", R"("worker_id":)"}},
        {"Tells what became of the last hour",
         ada,
         "GET",
         "/system/overview/",
         "",
         200,
         {R"({"type":"worklog.analyze","status":"success","jobs":)", R"("workers":1)"}},
        {"Lists no job of a tenant that there is not",
         ada,
         "GET",
         "/system/jobs/?tenant_id=424242",
         "",
         200,
         {R"("items":[])"}},
        {"Lists no job that was asked for before there were any",
         ada,
         "GET",
         "/system/jobs/?to=1960-01-01T00:00:00Z",
         "",
         200,
         {R"("items":[])"}},
        {"Lists jobs by the state that they are in",
         ada,
         "GET",
         "/system/jobs/?state=waiting&from=2020-01-01T00:00:00Z",
         "",
         200,
         {R"("items":[])"}},
        {"Refuses a state that is none",
         ada,
         "GET",
         "/system/jobs/?state=asleep",
         "",
         422,
         {R"("pointer":"?state")"}},
        {"Refuses a cursor that is none",
         ada,
         "GET",
         "/system/jobs/?cursor=x",
         "",
         422,
         {"request.bad_cursor"}},
        {"Reads a job without what is private in it",
         ada,
         "GET",
         "/system/jobs/{ada.job}/",
         "",
         200,
         {"worklog.analyze", R"("steps":[{"name":"analyze","status":"finished","attempts":1)",
          R"("children":[{)"},
         {"payload", "result", "Read what was achieved"}},
        {"Reads what happened to a job without its texts",
         ada,
         "GET",
         "/system/jobs/{ada.job}/events/",
         "",
         200,
         {R"("event":"started")", R"("event":"finished")"},
         {"message", "Read what was achieved"}},
        {"Lists schedules without their names",
         ada,
         "GET",
         "/system/schedules/?page_size=100",
         "",
         200,
         {"report.generate", R"("next_run_at":)"},
         {"Weekly", "payload"}},
        {"Shows the workers that live",
         ada,
         "GET",
         "/system/workers/",
         "",
         200,
         {R"("lease_until":)", R"("draining":false)", R"("version":"0.)"}},
        {"Shows what the installation rests on",
         ada,
         "GET",
         "/system/health/",
         "",
         200,
         {R"("status":"ok")", R"("database":{"ok":true,"required":true)", R"("disk":{)",
          R"("workers":{)", R"("queues":{"ok":true,"required":false)", R"("since":")"},
         {"sqlite", "postgres", "/tmp"}},
        {"Refuses to cancel what has ended",
         ada,
         "POST",
         "/system/jobs/{ada.job}/cancel/",
         "",
         409,
         {"job.finished"}},
        {"Knows no job that there is not", ada, "GET",
         "/system/jobs/0190b6e8-0000-7000-8000-000000000000/", "", 404},
        {"Knows no events of a job that there is not", ada, "GET",
         "/system/jobs/0190b6e8-0000-7000-8000-000000000000/events/", "", 404},
        {"Knows no schedule that there is not", ada, "POST", "/system/schedules/424242/pause/", "",
         404},
    };
}

}  // namespace

class Installation : public PromiseTest {};
TEST_P(Installation, IsShownToItsOperators) { keep(); }
INSTANTIATE_TEST_SUITE_P(Engines, Installation, promises({looks()}), promise_name);

class Operators : public ProgramTest {
protected:
    Answer trail(const std::string& query) { return call("GET", "/system/audit/?" + query, ada); }
    std::string log_in(const std::string& email) {
        auto answer = call("POST", "/api/auth/login/", nobody, login_body(email, "a guess"));
        return answer.header("X-Correlation-ID");
    }
    // Of the last act that was written down.
    std::string last_act(std::string_view field) {
        return call("GET", "/system/acts/?page_size=1", ada)
            .text(fmt::format("/items/0/{}", field));
    }
};

TEST_P(Operators, CancelAndRetryTheJobOfAnyTenantAndAreWrittenDown) {
    auto job =
        call("POST", "/api/worklogs/", bob, R"({"content":"Kept to himself."})").text("/job_ids/0");

    auto cancelled = call("POST", "/system/jobs/" + job + "/cancel/", ada);
    auto of_cancel = last_act("act") + " " + last_act("subject");
    auto retried = call("POST", "/system/jobs/" + job + "/retry/", ada);

    EXPECT_EQ(cancelled.text("/status"), "cancelled") << cancelled.body;
    EXPECT_EQ(of_cancel, "cancel_job " + job);
    EXPECT_EQ(retried.text("/status"), "queued") << retried.body;
    EXPECT_EQ(last_act("act"), "retry_job");
    EXPECT_EQ(last_act("address"), "127.0.0.1");
    program().work();
    EXPECT_EQ(call("GET", "/api/jobs/" + job + "/", bob).text("/status"), "success");
}

TEST_P(Operators, ChangeManyJobsOfATenantByOneActWithItsNumbers) {
    auto job =
        call("POST", "/api/worklogs/", bob, R"({"content":"Kept to himself."})").text("/job_ids/0");
    auto tenant = call("GET", "/api/auth/me/", bob).number("/tenant_id");

    auto cancelled = call(
        "POST", "/system/jobs/batch/", ada,
        fmt::format(R"({{"op":"cancel","filter":{{"tenant_id":{},"queue":"ai"}}}})", tenant)
    );
    auto of_cancel = last_act("act") + " " + last_act("subject");
    auto unknown = "0190b6e8-0000-7000-8000-000000000000";
    auto retried = call(
        "POST", "/system/jobs/batch/", ada,
        fmt::format(R"({{"op":"retry","ids":["{}","{}"]}})", job, unknown)
    );

    EXPECT_EQ(cancelled.number("/succeeded"), 1) << cancelled.body;
    EXPECT_EQ(of_cancel, "cancel_jobs 1 of 1 jobs");
    EXPECT_EQ(retried.number("/items/0/status"), 202) << retried.body;
    EXPECT_EQ(retried.number("/items/1/status"), 404);
    EXPECT_EQ(last_act("subject"), "1 of 2 jobs");
    EXPECT_EQ(call("POST", "/system/jobs/batch/", ada, R"({"op":"cancel"})").status, 422);
    program().work();
    EXPECT_EQ(call("GET", "/api/jobs/" + job + "/", bob).text("/status"), "success");
}

TEST_P(Operators, LeaveNoTraceOfWhatWasRefused) {
    program().furnish();
    auto before = last_act("id");

    auto refused = call("POST", "/system/jobs/{ada.job}/cancel/", ada);

    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(last_act("id"), before);
}

TEST_P(Operators, PauseResumeAndRunTheScheduleOfAnyTenant) {
    auto made = call(
        "POST", "/api/schedules/", bob,
        R"({"name":"Mine","job_type":"report.generate","cron":"@weekly","payload":{"kind":"weekly"}})"
    );
    auto place = "/system/schedules/" + made.text("/id") + "/";

    auto paused = call("POST", place + "pause/", ada);
    auto resumed = call("POST", place + "resume/", ada);
    auto ran = call("POST", place + "run/", ada);

    EXPECT_EQ(paused.text("/enabled"), "false") << paused.body;
    EXPECT_EQ(resumed.text("/enabled"), "true") << resumed.body;
    EXPECT_EQ(last_act("act"), "run_schedule");
    program().work();
    auto job = call("GET", "/api/jobs/" + ran.text("/id") + "/", bob);
    EXPECT_EQ(job.text("/status"), "success") << ran.body << job.body;
}

TEST_P(Operators, ReadWhatConcernsNoTenantInTheAuditTrail) {
    auto correlation = log_in("nobody@example.org");

    auto page = trail("tenant_id=0&name=login&outcome=failure");

    ASSERT_EQ(page.count("/items"), 1U) << page.body;
    EXPECT_EQ(page.text("/items/0/correlation_id"), correlation);
    EXPECT_EQ(page.number("/items/0/tenant_id"), 0);
    EXPECT_EQ(page.text("/items/0/user_id"), "null");
    EXPECT_EQ(page.text("/items/0/address"), "127.0.0.1");
    EXPECT_EQ(page.text("/items/0/user_agent"), "contract tests");
    EXPECT_EQ(page.text("/next_cursor"), "null");
}

TEST_P(Operators, NarrowTheAuditTrailByTenantUserActOutcomeAndTime) {
    auto him = call("GET", "/api/auth/me/", bob);
    auto of_bob = fmt::format("tenant_id={}", him.number("/tenant_id"));
    auto correlation = log_in("bob@example.org");

    auto failed = trail(fmt::format("user_id={}&name=login&outcome=failure", him.number("/id")));
    auto at = failed.text("/items/0/created_at");

    ASSERT_EQ(failed.count("/items"), 1U) << failed.body;
    EXPECT_EQ(failed.text("/items/0/correlation_id"), correlation);
    EXPECT_EQ(failed.number("/items/0/tenant_id"), him.number("/tenant_id"));
    EXPECT_EQ(trail(of_bob + "&outcome=failure").count("/items"), 1U);
    EXPECT_EQ(trail(of_bob + "&name=signup").count("/items"), 1U);
    EXPECT_EQ(trail(of_bob + "&name=bootstrap").count("/items"), 0U);
    EXPECT_EQ(trail(of_bob + "&outcome=failure&from=" + at).count("/items"), 1U);
    EXPECT_EQ(trail(of_bob + "&outcome=failure&to=" + at).count("/items"), 0U);
    EXPECT_EQ(trail("name=bootstrap&user_id=424242").count("/items"), 0U);
}

TEST_P(Operators, ReadTheAuditTrailOfAllTenantsPageByPage) {
    auto all = trail("page_size=100");

    std::vector<std::string> seen;
    std::string cursor = "page_size=2";
    while (!cursor.empty()) {
        auto page = trail(cursor);
        for (std::size_t i = 0; i < page.count("/items"); ++i)
            seen.push_back(page.text(fmt::format("/items/{}/id", i)));
        auto next = page.text("/next_cursor");
        cursor = next == "null" ? "" : "page_size=2&cursor=" + next;
    }

    EXPECT_GE(all.count("/items"), 5U) << all.body;
    ASSERT_EQ(seen.size(), all.count("/items"));
    for (std::size_t i = 0; i < seen.size(); ++i)
        EXPECT_EQ(seen[i], all.text(fmt::format("/items/{}/id", i)));
}

TEST_P(Operators, AreWrittenDownWhenTheyReadTheAuditTrail) {
    auto him = call("GET", "/api/auth/me/", bob);

    trail("tenant_id=" + him.text("/tenant_id"));
    auto of_tenant = last_act("act") + " " + last_act("tenant_id") + " " + last_act("subject");
    trail("user_id=" + him.text("/id"));

    EXPECT_EQ(of_tenant, "read_audit " + him.text("/tenant_id") + " audit");
    EXPECT_EQ(last_act("tenant_id"), "0");
    EXPECT_EQ(last_act("subject"), "audit of user " + him.text("/id"));
}

TEST_P(Operators, AloneReadTheAuditTrailOfAllTenants) {
    auto before = last_act("id");

    auto refused = call("GET", "/system/audit/", bob);

    EXPECT_EQ(refused.status, 404);
    EXPECT_EQ(trail("name=none_such").status, 422);
    EXPECT_EQ(trail("page_size=101").status, 422);
    EXPECT_EQ(last_act("id"), before);
}

INSTANTIATE_TEST_SUITE_P(Engines, Operators, sql::both_databases(), sql::dialect_name);

TEST(Dashboard, IsNotThereWhenItIsTurnedOff) {
    Program program(sql::Dialect::sqlite, [](config::Settings& settings) {
        settings.system_dashboard_enabled = false;
    });

    EXPECT_EQ(program.call("GET", "/system/jobs/", ada).status, 404);
    EXPECT_EQ(program.call("GET", "/api/jobs/check/", ada).status, 200);
}

}  // namespace afterresume::contract
