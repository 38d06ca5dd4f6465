// The job engine on a database of its own, as the program has it: weeks have partitions, and
// everything is counted. Its jobs do next to nothing. Owned by a measurement.
#pragma once

#include "core/work_pool.h"
#include "engine/jobs/queue.h"
#include "engine/orchestration/rights.h"
#include "engine/orchestration/workflow.h"
#include "engine/workers/worker.h"
#include "infra/observability/log.h"
#include "infra/sql/testing.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace afterresume::bench {

using Steady = std::chrono::steady_clock;

// What a job does: only end, with a result; or write a row of its tenant in the transaction that
// ends it; or only end, and one of three fails first and is tried again a moment later.
enum class Work { nothing, write, retry };
// What jobs are given and result in: readable, as other queues have it, or sealed, as the program
// has it.
enum class Kept { readable, sealed };

// How far back there are partitions.
constexpr std::chrono::days history{28};

class Subject {
public:
    Subject(sql::Dialect dialect, Work work, Kept kept = Kept::readable);

    sql::ScratchDatabase& scratch() { return scratch_; }
    // One of many tenants; ids that occur nowhere else.
    static Scope tenant(std::size_t number);

    Task<void> enqueue(Scope scope);
    // In transactions of up to a thousand, each of one of so many tenants in turn, until none is
    // left. Several may share the work.
    Task<void> fill(std::size_t& left, std::size_t tenants);
    std::unique_ptr<workers::Worker> make_worker(std::size_t concurrency);
    // Whether this attempt fails: see Work::retry.
    static bool fails(const jobs::Claimed& job);
    // Called when a job begins.
    void on_start(std::function<void(const jobs::Claimed&)> act) { started_ = std::move(act); }
    Task<void> sleep_until(Steady::time_point time);
    // Jobs that have not ended.
    Task<std::int64_t> live();
    // Bytes ever written to PostgreSQL's log; 0 on SQLite.
    Task<std::int64_t> log_written();

private:
    sql::ScratchDatabase scratch_;
    std::function<void(const jobs::Claimed&)> started_;
    SystemClock clock_;
    jobs::JobTypes types_;
    jobs::Doorbell doorbell_;
    jobs::Queue queue_{types_, clock_, doorbell_};
    orchestration::Workflows workflows_{types_};
    std::unique_ptr<orchestration::Rights> rights_;
    WorkPool pool_{1};
    observability::Log log_;
    observability::Metrics metrics_;
    std::size_t turn_ = 0;
};

}  // namespace afterresume::bench
