#include "engine/jobs/testing.h"

#include "core/scope_mint.h"
#include "embedded/migrations.h"

namespace afterresume::jobs {

std::vector<EmbeddedFile> engine_schema() {
    std::vector<EmbeddedFile> files;
    for (const auto& file : embedded::migrations()) {
        if (file.name.starts_with("0010_") || file.name.starts_with("0013_") ||
            file.name.starts_with("0014_") || file.name.starts_with("0095_") ||
            file.name.starts_with("0096_") || file.name.starts_with("0097_") ||
            file.name.starts_with("0102_") || file.name.starts_with("0104_"))
            files.push_back(file);
    }
    return files;
}

void expect_none(const std::vector<Violation>& found) {
    for (const auto& one : found) {
        ADD_FAILURE() << one.invariant << ": not so for " << one.subject << ": " << one.sentence;
    }
}

void JobsTest::SetUp() {
    sql::OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    scratch.emplace(GetParam(), engine_schema());
    register_process(worker);
    register_process(other_worker);
}

void JobsTest::TearDown() {
    if (!scratch) return;
    expect_none(run(find_violations(scratch->database(), {.claimable_since = {}})));
}

Scope JobsTest::owner_of(std::int64_t tenant) {
    Identity identity;
    identity.tenant = TenantId{tenant};
    identity.role = Role::owner;
    return ScopeMint::mint(identity);
}

Task<Enqueued> JobsTest::enqueue_from(Origin origin, Scope scope, NewJob job) {
    auto tx = scratch->database().begin(scope, sql::Access::write);
    auto made = co_await queue.enqueue(*tx, origin, std::move(job));
    co_await tx->commit();
    co_return made;
}

Task<std::vector<JobId>> JobsTest::enqueue_many_as(
    Scope scope, std::string type, std::size_t count
) {
    auto tx = scratch->database().begin(scope, sql::Access::write);
    std::vector<Node> nodes(count, Node{{std::move(type)}});
    auto ids = queue.enqueue_all(*tx, origin_of(scope), std::move(nodes));
    co_await tx->commit();
    co_return ids;
}

Task<std::vector<Claimed>> JobsTest::claim_as(
    Uuid by, std::int64_t limit, std::vector<std::string> of
) {
    auto tx = scratch->database().begin_engine(sql::Access::write);
    release(*tx, 1'000, clock.now());
    promote_due(*tx, clock.now());
    ClaimRequest request{
        by, {QueueName::interactive, QueueName::ai}, std::move(of), limit, clock.now()
    };
    request.places = places[by];
    auto claims = co_await jobs::claim(*tx, std::move(request));
    co_await tx->commit();
    places[by] = std::move(claims.places);
    co_return std::move(claims.jobs);
}

Task<std::vector<Claimed>> JobsTest::claim_by(Look look, std::int64_t limit) {
    auto tx = scratch->database().begin_engine(sql::Access::write);
    ClaimRequest request{worker, {QueueName::ai}, {"a.one"}, limit, clock.now(),
                         look,   places[worker]};
    auto claims = co_await jobs::claim(*tx, std::move(request));
    co_await tx->commit();
    places[worker] = std::move(claims.places);
    co_return std::move(claims.jobs);
}

Task<void> JobsTest::write(std::vector<Ending> endings, std::vector<Return> returns) {
    auto tx = scratch->database().begin_engine(sql::Access::write);
    write_outcomes(*tx, endings, returns, clock.now());
    co_await tx->commit();
}

Task<JobView> JobsTest::job_as(Scope scope, JobId id) {
    auto tx = scratch->database().begin(scope, sql::Access::read);
    auto view = co_await get_job(*tx, scope, types, id);
    co_return view;
}

Task<Page<JobView>> JobsTest::listed_as(Scope scope, JobFilter filter) {
    auto tx = scratch->database().begin(scope, sql::Access::read);
    auto page = co_await list_jobs(*tx, scope, types.seal(), std::move(filter));
    co_return page;
}

Task<std::vector<EventView>> JobsTest::events_of(JobId id, std::int64_t after) {
    auto tx = scratch->database().begin(scratch->alice(), sql::Access::read);
    auto found = co_await list_events(*tx, scratch->alice(), id, after, 100);
    co_return found.events;
}

std::vector<std::string> JobsTest::told(JobId id) {
    std::vector<std::string> names;
    for (const auto& event : events(id)) names.emplace_back(event.data.at("event").as_string());
    return names;
}

Task<Status> JobsTest::cancel_as(Scope scope, JobId id, Extent extent) {
    auto tx = scratch->database().begin(scope, sql::Access::write);
    auto status = co_await jobs::cancel(*tx, scope, id, cancels, clock.now(), extent);
    co_await tx->commit();
    co_return status;
}

Task<void> JobsTest::retry_as(Scope scope, JobId id) {
    auto tx = scratch->database().begin(scope, sql::Access::write);
    co_await jobs::retry(*tx, scope, id, doorbell, clock.now());
    co_await tx->commit();
}

Task<void> JobsTest::register_as(Uuid id) {
    auto tx = scratch->database().begin_engine(sql::Access::write);
    register_worker(*tx, id, std::chrono::seconds(20), {}, clock.now());
    co_await tx->commit();
}

Task<void> JobsTest::end_lease(Uuid id) {
    static constexpr sql::Statement statement{
        "test.end_lease", "UPDATE worker SET lease_until = started_at WHERE id = :id"
    };
    auto tx = scratch->database().begin_engine(sql::Access::write);
    tx->defer(statement, sql::named("id", id));
    co_await tx->commit();
}

Task<std::size_t> JobsTest::rescue_as(RescueLimits limits) {
    auto tx = scratch->database().begin_engine(sql::Access::write);
    auto moved = co_await jobs::rescue(*tx, limits, clock.now());
    co_await tx->commit();
    co_return moved;
}

Task<std::size_t> JobsTest::resolve_once() {
    auto tx = scratch->database().begin_engine(sql::Access::write);
    auto ended = co_await jobs::resolve(*tx, 100, clock.now());
    auto stopped = co_await cancel_noted_descendants(*tx, 100, clock.now());
    co_await tx->commit();
    co_return ended + stopped;
}

JobTypes JobsTest::some_types() {
    JobTypes all;
    all.add({.name = "a.one"});
    all.add({.name = "a.unique", .unique = Unique::while_queued});
    all.add({.name = "a.alone", .unique = Unique::while_unfinished});
    all.add({.name = "a.daily", .unique = Unique::within_period, .period = {std::chrono::hours(24)}}
    );
    all.add({.name = "a.quick", .queue = QueueName::interactive});
    all.add({.name = "a.heavy", .estimated_cost = 50'000});
    all.add({.name = "b.other"});
    return all;
}

}  // namespace afterresume::jobs
