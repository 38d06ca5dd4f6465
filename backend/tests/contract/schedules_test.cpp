#include "promise.h"

#include "app/composition.h"

namespace afterresume::contract {

namespace {

std::vector<Promise> refusals() {
    auto post = [](std::string sentence, std::string body, int status,
                   std::vector<std::string> has) {
        return Promise{std::move(sentence), ada,    "POST",        "/api/schedules/",
                       std::move(body),     status, std::move(has)};
    };
    return {
        post(
            "Says which field of an expression is wrong",
            R"({"name":"a","job_type":"resume.refresh","cron":"0 25 * * *"})", 422,
            {"schedule.bad_cron", "/cron", "hour field", "0 to 23"}
        ),
        post(
            "Refuses a time that never comes",
            R"({"name":"a","job_type":"resume.refresh","cron":"0 0 30 2 *"})", 422,
            {"schedule.never"}
        ),
        post(
            "Refuses a zone that is none",
            R"({"name":"a","job_type":"resume.refresh","cron":"@daily","time_zone":"Mars/Base"})",
            422, {"/time_zone"}
        ),
        post(
            "Refuses jobs that are not for people",
            R"({"name":"a","job_type":"worklog.analyze","cron":"@daily"})", 422,
            {"schedule.not_schedulable", "/job_type"}
        ),
        post(
            "Refuses a payload that the type does not take",
            R"({"name":"a","job_type":"resume.refresh","cron":"@daily","payload":{"colour":1}})",
            422, {"/payload/colour"}
        ),
        post(
            "Refuses a report of a kind that is none",
            R"({"name":"a","job_type":"report.generate","cron":"@daily","payload":{"kind":"x"}})",
            422, {"/payload/kind"}
        ),
        post(
            "Refuses a report of the same days each time",
            R"({"name":"a","job_type":"report.generate","cron":"@daily",)"
            R"("payload":{"kind":"status","from":"2026-03-01"}})",
            422, {"window_days"}
        ),
        post(
            "Refuses an unknown policy",
            R"({"name":"a","job_type":"resume.refresh","cron":"@daily","missed":"never"})", 422,
            {"/missed", "backfill"}
        ),
        post(
            "Refuses a second one of a name",
            R"({"name":"Weekly","job_type":"resume.refresh","cron":"@daily"})", 409,
            {"schedule.name_taken"}
        ),
        {"Wants to know which version is changed", ada, "PATCH", "/api/schedules/{ada.schedule}/",
         R"({"name":"b"})", 428},
        {"Changes no version but the newest",
         ada,
         "PATCH",
         "/api/schedules/{ada.schedule}/",
         R"({"name":"b"})",
         412,
         {},
         {},
         {{"if-match", "\"9999\""}}},
        {"Lets nobody change the type",
         ada,
         "PATCH",
         "/api/schedules/{ada.schedule}/",
         R"({"job_type":"resume.refresh"})",
         422,
         {"/job_type"},
         {},
         overwrite},
    };
}

}  // namespace

class SchedulePromises : public PromiseTest {};
TEST_P(SchedulePromises, AreKept) { keep(); }
INSTANTIATE_TEST_SUITE_P(Engines, SchedulePromises, promises({refusals()}), promise_name);

class Schedules : public ProgramTest {
protected:
    static constexpr auto nightly =
        R"({"name":"Nightly","job_type":"report.generate","cron":"0 3 * * *",)"
        R"("time_zone":"Europe/Berlin","payload":{"kind":"status","window_days":7}})";
};

TEST_P(Schedules, GoTheirWholeWay) {
    auto made = call("POST", "/api/schedules/", ada, nightly);
    ASSERT_EQ(made.status, 201) << made.body;
    auto path = made.header("Location");
    EXPECT_THAT(made.header("ETag"), testing::StartsWith("\"1-"));
    EXPECT_EQ(made.text("/overlap"), "skip");
    EXPECT_TRUE(made.at("/next_run_at").is_string());

    auto run = call("POST", path + "run/", ada);
    EXPECT_EQ(run.status, 202);
    program().work();
    EXPECT_EQ(
        call("GET", "/api/jobs/" + run.text("/job_id") + "/", ada).text("/status"), "success"
    );
    auto history = call("GET", path + "history/", ada);
    EXPECT_EQ(history.text("/items/0/outcome"), "fired");
    EXPECT_EQ(history.text("/items/0/job_id"), run.text("/job_id"));

    auto paused = call("POST", path + "pause/", ada);
    EXPECT_TRUE(paused.at("/next_run_at").is_null());
    auto resumed = call("POST", path + "resume/", ada);
    EXPECT_EQ(resumed.text("/next_run_at"), made.text("/next_run_at"));
    auto edited =
        call("PATCH", path, ada, R"({"cron":"@weekly"})", {{"if-match", resumed.header("ETag")}});
    EXPECT_EQ(edited.text("/cron"), "@weekly");
    EXPECT_EQ(call("DELETE", path, ada, "", overwrite).status, 204);
    EXPECT_EQ(call("GET", path, ada).status, 404);
}

TEST_P(Schedules, AreMadeOnceForOneIdempotencyKey) {
    const Headers key{{"idempotency-key", "nightly-1"}};

    auto first = call("POST", "/api/schedules/", ada, nightly, key);
    auto again = call("POST", "/api/schedules/", ada, nightly, key);

    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(again.body, first.body);
    call("DELETE", first.header("Location"), ada, "", overwrite);
}

TEST_P(Schedules, FireForTheirOwnersWhenTheyAreDue) {
    auto& composition = program().composition();
    auto made = call(
        "POST", "/api/schedules/", ada,
        R"({"name":"Now","job_type":"resume.refresh","cron":"@every_minute"})"
    );
    auto due = parse_timestamp(made.text("/next_run_at")).value();
    schedules::Firing firing(
        *composition.database, composition.types, composition.queue, composition.cancel_bell,
        composition.rights, composition.log
    );

    while (program().run(firing.fire_one(due))) {
    }
    program().work();

    auto path = made.header("Location");
    auto history = call("GET", path + "history/", ada);
    EXPECT_EQ(history.text("/items/0/outcome"), "fired");
    auto job = call("GET", "/api/jobs/" + history.text("/items/0/job_id") + "/", ada);
    EXPECT_EQ(job.text("/trigger"), "schedule");
    EXPECT_EQ(job.text("/status"), "success");
    call("DELETE", path, ada, "", overwrite);
}

INSTANTIATE_TEST_SUITE_P(Engines, Schedules, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
