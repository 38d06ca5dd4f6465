#include "fixture.h"

#include <fmt/format.h>

namespace afterresume::contract {

// Ada operates the installation; what she writes makes jobs of the queue ai.
class OperatedQueues : public ProgramTest {
protected:
    Answer change(const std::string& path, const std::string& body = {}) {
        return call("POST", "/system/queues/" + path, ada, body);
    }
    std::string job_of_bob() {
        return call("POST", "/api/worklogs/", bob, R"({"content":"a"})").text("/job_ids/0");
    }
    std::string status_of(const std::string& job) {
        return call("GET", "/api/jobs/" + job + "/", bob).text("/status");
    }
    std::string last_act() {
        auto acts = call("GET", "/system/acts/?page_size=1", ada);
        return acts.text("/items/0/act") + " " + acts.text("/items/0/subject");
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, OperatedQueues, sql::both_databases(), sql::dialect_name);

TEST_P(OperatedQueues, BeginNothingWhileTheyArePaused) {
    auto paused = change("ai/pause/");
    auto job = job_of_bob();
    program().work();
    auto meanwhile = status_of(job);
    auto listed = call("GET", "/system/queues/", ada);
    auto resumed = change("ai/resume/");
    program().work();

    EXPECT_EQ(paused.text("/items/1/name"), "ai") << paused.body;
    EXPECT_EQ(paused.text("/items/1/paused"), "true");
    EXPECT_EQ(meanwhile, "queued");
    EXPECT_GE(listed.number("/items/1/ready"), 1) << listed.body;
    EXPECT_THAT(listed.text("/items/1/oldest_ready"), testing::HasSubstr("T"));
    EXPECT_EQ(resumed.text("/items/1/paused"), "false");
    EXPECT_EQ(last_act(), "resume_queue ai");
    EXPECT_EQ(status_of(job), "success");
}

TEST_P(OperatedQueues, ArePausedForOneTenantAlone) {
    auto tenant = call("GET", "/api/auth/me/", bob).number("/tenant_id");

    auto set = change(
        "ai/tenants/",
        fmt::format(R"({{"tenant_id":{},"weight":3,"max_running":2,"paused":true}})", tenant)
    );
    auto job = job_of_bob();
    program().work();
    auto meanwhile = status_of(job);
    auto resumed =
        change("ai/tenants/", fmt::format(R"({{"tenant_id":{},"paused":false}})", tenant));
    program().work();

    EXPECT_EQ(set.number("/items/1/tenants/0/weight"), 3) << set.body;
    EXPECT_EQ(set.number("/items/1/tenants/0/max_running"), 2);
    EXPECT_EQ(meanwhile, "queued");
    EXPECT_EQ(resumed.number("/items/1/tenants/0/weight"), 3) << resumed.body;
    EXPECT_EQ(last_act(), "set_share ai");
    EXPECT_EQ(status_of(job), "success");
}

TEST_P(OperatedQueues, KeepTheWeightOfATenantThatIsLimited) {
    auto tenant = call("GET", "/api/auth/me/", bob).number("/tenant_id");
    change("ai/tenants/", fmt::format(R"({{"tenant_id":{},"weight":3}})", tenant));

    call(
        "POST", "/system/limits/", ada,
        fmt::format(R"({{"tenant_id":{},"concurrent_jobs":4}})", tenant)
    );

    auto listed = call("GET", "/system/queues/", ada);
    EXPECT_EQ(listed.number("/items/1/tenants/0/weight"), 3) << listed.body;
    EXPECT_EQ(listed.number("/items/1/tenants/0/max_running"), 4);
}

TEST_P(OperatedQueues, AreThoseThereAre) {
    EXPECT_EQ(change("sunshine/pause/").status, 404);
    EXPECT_EQ(change("ai/tenants/", R"({"tenant_id":7,"weight":0})").status, 422);
    EXPECT_EQ(call("POST", "/system/queues/ai/pause/", bob).status, 404);
    EXPECT_EQ(call("GET", "/system/queues/", bob).status, 404);
}

}  // namespace afterresume::contract
