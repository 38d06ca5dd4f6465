#include "engine/schedules/testing.h"

#include "embedded/migrations.h"
#include "engine/jobs/testing.h"

namespace afterresume::schedules {

Task<std::optional<Identity>> ListedRights::find(TenantId tenant, UserId user) {
    auto found = roles.find(user.value);
    if (found == roles.end()) co_return std::nullopt;
    Identity identity;
    identity.tenant = tenant;
    identity.user = user;
    identity.role = found->second;
    co_return identity;
}

void SchedulesTest::SetUp() {
    sql::OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    scratch.emplace(GetParam(), embedded::migrations());
    firing.emplace(scratch->database(), types, queue, cancels, rights, log);
}

void SchedulesTest::TearDown() {
    if (!scratch) return;
    jobs::expect_none(run(jobs::find_violations(scratch->database(), {.claimable_since = {}})));
}

CreateSchedule SchedulesTest::every_quarter(std::string name) {
    CreateSchedule wanted;
    wanted.name = std::move(name);
    wanted.job_type = "a.one";
    wanted.cron = "*/15 * * * *";
    return wanted;
}

jobs::JobTypes SchedulesTest::some_types() {
    jobs::JobTypes all;
    all.add({.name = "a.one", .schedulable = jobs::payload_as<Payload>()});
    all.add(
        {.name = "a.unique",
         .unique = jobs::Unique::while_queued,
         .schedulable = jobs::payload_as<Payload>()}
    );
    all.add({.name = "a.hidden"});
    return all;
}

Task<std::vector<jobs::Claimed>> SchedulesTest::claim_one() {
    auto worker = Uuid::random();
    auto tx = scratch->database().begin_engine(sql::Access::write);
    jobs::register_worker(*tx, worker, std::chrono::seconds(20), {}, clock.now());
    auto claims =
        co_await jobs::claim(*tx, {worker, {jobs::QueueName::ai}, {"a.one"}, 1, clock.now()});
    co_await tx->commit();
    co_return std::move(claims.jobs);
}

Task<void> SchedulesTest::end_job(Uuid id) {
    static constexpr sql::Statement fence{
        "test.fence", "SELECT id, lease_seq, worker_id AS worker FROM job_hot WHERE id = :id"
    };
    auto tx = scratch->database().begin_engine(sql::Access::write);
    auto held = co_await tx->one<jobs::Fence>(fence, sql::named("id", id));
    jobs::complete(*tx, {jobs::Ending{held}}, clock.now());
    co_await tx->commit();
}

}  // namespace afterresume::schedules
