#include "promise.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

constexpr auto ada = Actor::ada;

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
         {"worklog.analyze", R"("steps":[{)", R"("children":[{)"},
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
         {R"("lease_until":)", R"("draining":false)"}},
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
    // Of the last act that was written down.
    std::string last_act(std::string_view field) {
        return call("GET", "/system/acts/?page_size=1", ada)
            .text(fmt::format("/items/0/{}", field));
    }
};

TEST_P(Operators, CancelAndRetryTheJobOfAnyTenantAndAreWrittenDown) {
    auto job = call("POST", "/api/worklogs/", Actor::bob, R"({"content":"Kept to himself."})")
                   .text("/job_ids/0");

    auto cancelled = call("POST", "/system/jobs/" + job + "/cancel/", ada);
    auto of_cancel = last_act("act") + " " + last_act("subject");
    auto retried = call("POST", "/system/jobs/" + job + "/retry/", ada);

    EXPECT_EQ(cancelled.text("/status"), "cancelled") << cancelled.body;
    EXPECT_EQ(of_cancel, "cancel_job " + job);
    EXPECT_EQ(retried.text("/status"), "queued") << retried.body;
    EXPECT_EQ(last_act("act"), "retry_job");
    EXPECT_EQ(last_act("address"), "127.0.0.1");
    program().work();
    EXPECT_EQ(call("GET", "/api/jobs/" + job + "/", Actor::bob).text("/status"), "success");
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
        "POST", "/api/schedules/", Actor::bob,
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
    auto job = call("GET", "/api/jobs/" + ran.text("/id") + "/", Actor::bob);
    EXPECT_EQ(job.text("/status"), "success") << ran.body << job.body;
}

INSTANTIATE_TEST_SUITE_P(Engines, Operators, sql::both_databases(), sql::dialect_name);

TEST(Dashboard, IsNotThereWhenItIsTurnedOff) {
    Program program(sql::Dialect::sqlite, [](config::Settings& settings) {
        settings.system_dashboard_enabled = false;
    });

    EXPECT_EQ(program.call("GET", "/system/jobs/", Actor::ada).status, 404);
    EXPECT_EQ(program.call("GET", "/api/jobs/check/", Actor::ada).status, 200);
}

}  // namespace afterresume::contract
