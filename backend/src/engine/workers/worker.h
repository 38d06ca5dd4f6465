// One worker process's part in the engine: claims jobs, runs their workflows, beats its lease,
// rescues the jobs of the dead. Owned by app/; what Parts names must outlive it, and so must the
// io_context it was spawned on.
#pragma once

#include "core/work_pool.h"
#include "engine/jobs/doorbell.h"
#include "engine/jobs/lease.h"
#include "engine/orchestration/rights.h"
#include "engine/orchestration/workflow.h"
#include "infra/observability/log.h"
#include "infra/observability/metrics.h"
#include "infra/sql/database.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace afterresume::workers {

struct Parts {
    boost::asio::io_context& io;
    sql::Database& database;
    const orchestration::Workflows& workflows;
    orchestration::Rights& rights;
    jobs::Doorbell& doorbell;
    WorkPool& pool;
    const Clock& clock;
    observability::Log& log;
    // Null counts nothing.
    observability::Metrics* metrics = nullptr;
    // Rings when a running job was asked to stop; null leaves that to the heartbeat.
    jobs::Doorbell* cancels = nullptr;
    // Opens `database` once more, for a heartbeat on a thread of its own; called once, in run().
    // Empty leaves the heartbeat to `io` and `database`, which is enough where no other process can
    // take the jobs of a late one.
    std::function<std::unique_ptr<sql::Database>(boost::asio::io_context&)> open_for_beat = {};
    // Whether nothing is to be begun at the moment: asked before each claim. What runs goes on, and
    // its outcomes are written. Empty never pauses.
    std::function<Task<bool>()> is_paused = {};
};

struct Options {
    // Attempts at the same time.
    std::size_t concurrency = 8;
    // Empty means all.
    std::vector<jobs::QueueName> queues = {};
    std::chrono::milliseconds lease{20'000};
    std::chrono::milliseconds beat{5'000};
    // Taken off the lease: what a worker allows for a slow answer.
    std::chrono::milliseconds margin{2'000};
    // A worker whose thread has not turned for so long beats no more, so that others take its jobs.
    std::chrono::milliseconds longest_silence{60'000};
    std::chrono::milliseconds rescue_every{2'000};
    // Idle polling grows from the first to the second, each jittered.
    std::chrono::milliseconds shortest_poll{20};
    std::chrono::milliseconds longest_poll{1'000};
    // A job whose process died this often is given up.
    std::int64_t rescue_cap = 10;
    // Over how long jobs are spread whose processes died more than once: see RescueLimits.
    std::chrono::milliseconds rescue_apart{5'000};
};

class Worker {
public:
    Worker(Parts parts, Options options);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Registers; on SQLite, takes back what an earlier process left running. Call once, before
    // anything else.
    Task<void> open();
    // Works until stop(); needs open().
    Task<void> run();
    // Claims no more, gives running attempts the grace, hands the rest back without using an
    // attempt, and signs off.
    Task<void> stop(std::chrono::milliseconds grace);
    // Works until nothing is ready; gives the number of attempts made. For commands and tests: no
    // loop is needed.
    Task<std::size_t> work_until_idle();

    // The single turns of the loops.
    Task<std::size_t> claim_once();
    Task<std::size_t> beat_once();
    Task<std::size_t> rescue_once();

    const Uuid& id() const;
    // Attempts that have not ended.
    std::size_t active() const;

private:
    class Desk;
    std::shared_ptr<Desk> desk_;
};

}  // namespace afterresume::workers
