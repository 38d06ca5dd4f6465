#include "engine/schedules/testing.h"

#include "embedded/migrations.h"
#include "engine/jobs/outcomes.h"

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

Task<void> SchedulesTest::begin_job(Uuid id) {
    static constexpr sql::Statement statement{
        "test.begin_job", "UPDATE job_hot SET state = 'running', started_at = :now WHERE id = :id"
    };
    auto tx = scratch->database().begin_engine(sql::Access::write);
    tx->defer(statement, sql::named("id", id), sql::named("now", clock.now()));
    co_await tx->commit();
}

Task<void> SchedulesTest::end_job(Uuid id) {
    static constexpr sql::Statement lease{
        "test.lease", "SELECT lease_seq FROM job_hot WHERE id = :id"
    };
    auto tx = scratch->database().begin_engine(sql::Access::write);
    auto seq = co_await tx->one<std::int64_t>(lease, sql::named("id", id));
    jobs::complete(*tx, {jobs::Ending{{id, seq}}}, clock.now());
    co_await tx->commit();
}

}  // namespace afterresume::schedules
