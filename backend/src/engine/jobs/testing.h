// A queue over a database of its own, with a clock that stands still; after each test the engine's
// promises are checked. Base of the engine's tests on both databases.
#pragma once

#include "engine/jobs/attempts.h"
#include "engine/jobs/control.h"
#include "engine/jobs/descendants.h"
#include "engine/jobs/inspection.h"
#include "engine/jobs/invariants.h"
#include "engine/jobs/processes.h"
#include "engine/jobs/queue.h"
#include "engine/jobs/release.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace afterresume::jobs {

// The engine's own migrations, read where ctest runs.
inline std::vector<std::string> engine_schema() {
    std::vector<std::string> texts;
    for (const auto* name : {"migrations/0010_jobs.sql", "migrations/0010_jobs.postgres.sql"}) {
        std::ifstream file(name);
        texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return texts;
}

class JobsTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        sql::OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        schema_ = engine_schema();
        std::vector<EmbeddedFile> files{
            {"0010_jobs.sql", schema_[0]}, {"0010_jobs.postgres.sql", schema_[1]}
        };
        scratch.emplace(GetParam(), files);
        register_process(worker);
        register_process(other_worker);
    }

    void TearDown() override {
        if (!scratch) return;
        auto violations = run(violations_now());
        for (const auto& found : violations) {
            ADD_FAILURE() << found.invariant << ": not so for " << found.job.text() << ": "
                          << found.sentence;
        }
    }

    template <class T>
    T run(Task<T> task) {
        return scratch->run(std::move(task));
    }

    Enqueued enqueue(NewJob job) {
        return run(enqueue_as(origin_of(scratch->alice()), std::move(job)));
    }
    Task<Enqueued> enqueue_as(Origin origin, NewJob job) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto made = co_await queue.enqueue(*tx, origin, std::move(job));
        co_await tx->commit();
        co_return made;
    }

    std::vector<Claimed> claim(
        Uuid by, std::int64_t limit, std::vector<std::string> of = {"a.one", "a.unique", "a.alone"}
    ) {
        return run(claim_as(by, limit, std::move(of)));
    }
    Task<std::vector<Claimed>> claim_as(Uuid by, std::int64_t limit, std::vector<std::string> of) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        release(*tx, 1'000, clock.now());
        promote_due(*tx, clock.now());
        ClaimRequest request{
            by, {QueueName::interactive, QueueName::ai}, std::move(of), limit, clock.now()
        };
        auto claimed = co_await jobs::claim(*tx, std::move(request));
        co_await tx->commit();
        co_return claimed;
    }

    void end(const Claimed& job, Status status = Status::success) {
        run(end_all({Ending{job.fence(), status}}));
    }
    Task<void> end_all(std::vector<Ending> endings) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        complete(*tx, endings, clock.now());
        co_await tx->commit();
    }

    JobView job(JobId id) { return run(job_as(scratch->alice(), id)); }
    Task<JobView> job_as(Scope scope, JobId id) {
        auto tx = scratch->database().begin(scope, sql::Access::read);
        auto view = co_await get_job(*tx, scope, id);
        co_return view;
    }
    Page<JobView> listed(JobFilter filter) {
        return run(listed_as(scratch->alice(), std::move(filter)));
    }
    Task<Page<JobView>> listed_as(Scope scope, JobFilter filter) {
        auto tx = scratch->database().begin(scope, sql::Access::read);
        auto page = co_await list_jobs(*tx, scope, std::move(filter));
        co_return page;
    }

    std::vector<EventView> events(JobId id, std::int64_t after = 0) {
        return run(events_of(id, after));
    }
    Task<std::vector<EventView>> events_of(JobId id, std::int64_t after) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::read);
        auto found = co_await list_events(*tx, scratch->alice(), id, after, 100);
        co_return found.events;
    }
    std::vector<std::string> told(JobId id) {
        std::vector<std::string> names;
        for (const auto& event : events(id)) names.emplace_back(event.data.at("event").as_string());
        return names;
    }

    Status cancel(JobId id, Extent extent = Extent::job) {
        return run(cancel_as(scratch->alice(), id, extent));
    }
    Task<Status> cancel_as(Scope scope, JobId id, Extent extent = Extent::job) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto status = co_await jobs::cancel(*tx, scope, id, clock.now(), extent);
        co_await tx->commit();
        co_return status;
    }
    void retry(JobId id) { run(retry_as(scratch->alice(), id)); }
    Task<void> retry_as(Scope scope, JobId id) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        co_await jobs::retry(*tx, scope, id, doorbell, clock.now());
        co_await tx->commit();
    }

    void register_process(Uuid id) { run(register_as(id)); }
    Task<void> register_as(Uuid id) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        register_worker(*tx, id, std::chrono::seconds(20), {}, clock.now());
        co_await tx->commit();
    }
    // As if the process had not beaten for longer than its lease.
    void let_lease_end(Uuid id) {
        run(end_lease(id));
        clock.advance(std::chrono::seconds(1));
    }
    Task<void> end_lease(Uuid id) {
        static constexpr sql::Statement statement{
            "test.end_lease", "UPDATE worker SET lease_until = started_at WHERE id = :id"
        };
        auto tx = scratch->database().begin_engine(sql::Access::write);
        tx->defer(statement, sql::named("id", id));
        co_await tx->commit();
    }
    std::size_t rescue(RescueLimits limits = {}) { return run(rescue_as(limits)); }
    Task<std::size_t> rescue_as(RescueLimits limits) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto moved = co_await jobs::rescue(*tx, limits, clock.now());
        co_await tx->commit();
        co_return moved;
    }

    // What ended jobs left to be done, to its end.
    void resolve() {
        while (run(resolve_once()) > 0) {
        }
    }
    Task<std::size_t> resolve_once() {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto ended = co_await jobs::resolve(*tx, 100, clock.now());
        auto stopped = co_await cancel_noted_descendants(*tx, 100, clock.now());
        co_await tx->commit();
        co_return ended + stopped;
    }

    Task<std::vector<Violation>> violations_now() {
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto found = co_await find_violations(*tx, 10);
        co_return found;
    }

    static JobTypes some_types() {
        JobTypes all;
        all.add({.name = "a.one"});
        all.add({.name = "a.unique", .unique = Unique::while_queued});
        all.add({.name = "a.alone", .unique = Unique::while_unfinished});
        return all;
    }

    ManualClock clock{Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
    JobTypes types = some_types();
    Doorbell doorbell;
    Queue queue{types, clock, doorbell};
    Uuid worker = Uuid::random();
    Uuid other_worker = Uuid::random();
    std::optional<sql::ScratchDatabase> scratch;

private:
    std::vector<std::string> schema_;
};

}  // namespace afterresume::jobs
