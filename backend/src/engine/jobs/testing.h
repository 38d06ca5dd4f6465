// A queue over a database of its own, with a clock that stands still; after each test the engine's
// promises are checked. Base of the engine's tests on both databases.
#pragma once

#include "core/embedded_file.h"
#include "engine/jobs/claims.h"
#include "engine/jobs/control.h"
#include "engine/jobs/descendants.h"
#include "engine/jobs/inspection.h"
#include "engine/jobs/invariants.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/processes.h"
#include "engine/jobs/queue.h"
#include "engine/jobs/release.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::jobs {

// The engine's own migrations.
std::vector<EmbeddedFile> engine_schema();

// Fails the test for each.
void expect_none(const std::vector<Violation>& found);

class JobsTest : public sql::OnBothDatabases {
protected:
    void SetUp() override;
    void TearDown() override;

    template <class T>
    T run(Task<T> task) {
        return scratch->run(std::move(task));
    }

    // Of a tenant of which there is nothing else.
    static Scope owner_of(std::int64_t tenant);

    Enqueued enqueue(NewJob job) { return enqueue_for(scratch->alice(), std::move(job)); }
    Enqueued enqueue_for(const Scope& scope, NewJob job) {
        return run(enqueue_as(scope, std::move(job)));
    }
    Task<Enqueued> enqueue_as(Scope scope, NewJob job) {
        return enqueue_from(origin_of(scope), scope, std::move(job));
    }
    Task<Enqueued> enqueue_from(Origin origin, Scope scope, NewJob job);
    // So many of one type for the scope's user.
    std::vector<JobId> enqueue_many(const Scope& scope, std::string type, std::size_t count) {
        return run(enqueue_many_as(scope, std::move(type), count));
    }
    Task<std::vector<JobId>> enqueue_many_as(Scope scope, std::string type, std::size_t count);

    std::vector<Claimed> claim(
        Uuid by, std::int64_t limit, std::vector<std::string> of = {"a.one", "a.unique", "a.alone"}
    ) {
        return run(claim_as(by, limit, std::move(of)));
    }
    Task<std::vector<Claimed>> claim_as(Uuid by, std::int64_t limit, std::vector<std::string> of);
    // What is ready of a.one, wherever the worker looks.
    Task<std::vector<Claimed>> claim_by(Look look, std::int64_t limit);

    void end(const Claimed& job, Status status = Status::success) {
        run(end_all({Ending{job.fence(), status}}));
    }
    Task<void> end_all(std::vector<Ending> endings) { return write({std::move(endings)}, {}); }
    Task<void> give_back(Return back) { return write({}, {std::move(back)}); }
    Task<void> write(std::vector<Ending> endings, std::vector<Return> returns);

    JobView job(JobId id) { return run(job_as(scratch->alice(), id)); }
    Task<JobView> job_as(Scope scope, JobId id);
    Page<JobView> listed(JobFilter filter) {
        return run(listed_as(scratch->alice(), std::move(filter)));
    }
    Task<Page<JobView>> listed_as(Scope scope, JobFilter filter);

    std::vector<EventView> events(JobId id, std::int64_t after = 0) {
        return run(events_of(id, after));
    }
    Task<std::vector<EventView>> events_of(JobId id, std::int64_t after);
    std::vector<std::string> told(JobId id);

    Status cancel(JobId id, Extent extent = Extent::job) {
        return run(cancel_as(scratch->alice(), id, extent));
    }
    Task<Status> cancel_as(Scope scope, JobId id, Extent extent = Extent::job);
    void retry(JobId id) { run(retry_as(scratch->alice(), id)); }
    Task<void> retry_as(Scope scope, JobId id);

    void register_process(Uuid id) { run(register_as(id)); }
    Task<void> register_as(Uuid id);
    // As if the process had not beaten for longer than its lease.
    void let_lease_end(Uuid id) {
        run(end_lease(id));
        clock.advance(std::chrono::seconds(1));
    }
    Task<void> end_lease(Uuid id);
    std::size_t rescue(RescueLimits limits = {}) { return run(rescue_as(limits)); }
    Task<std::size_t> rescue_as(RescueLimits limits);
    // What ended jobs left to be done, to its end.
    void resolve() {
        while (run(resolve_once()) > 0) {
        }
    }
    Task<std::size_t> resolve_once();

    static JobTypes some_types();

    ManualClock clock{Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
    JobTypes types = some_types();
    Doorbell doorbell;
    Doorbell cancels;
    Queue queue{types, clock, doorbell};
    Uuid worker = Uuid::random();
    Uuid other_worker = Uuid::random();
    // What each worker remembers between its claims.
    std::map<Uuid, Places> places;
    std::optional<sql::ScratchDatabase> scratch;
};

}  // namespace afterresume::jobs
