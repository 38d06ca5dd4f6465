// What an attempt stands on and how it is told to stop. Made by the worker; outlives the run.
#pragma once

#include "core/work_pool.h"
#include "engine/jobs/lease.h"
#include "engine/jobs/queue.h"
#include "engine/jobs/retry_budget.h"
#include "engine/orchestration/rights.h"
#include "infra/sql/database.h"

#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace afterresume::orchestration {

// Thrown inside an attempt that may not go on, or steps aside; the worker knows what to do. Not for
// workflows to catch.
struct Stopped {
    enum class Reason {
        cancelled,
        authority_lost,
        // The database says one of the two.
        not_held,
        waiting,
        // Whoever asked for the job may no longer have it done.
        rights_lost,
    };
    Reason reason;
};

// What the worker tells an attempt, on the thread of both: the run looks at every point where it
// may stop, and what a step awaits is broken off. What was told stays so.
class Signals {
public:
    explicit Signals(boost::asio::io_context& io) : told_(io, Time::max()) {}

    void cancel() { tell(Stopped::Reason::cancelled); }
    // The job is somebody else's by now, or the process is about to end: nothing of it is written.
    void abandon() { tell(Stopped::Reason::authority_lost); }

    bool abandoned() const { return reason_ == Stopped::Reason::authority_lost; }
    // Throws Stopped once one of them was told.
    void check() const {
        if (reason_) throw Stopped{*reason_};
    }
    // An operation that ends then; at once afterwards.
    auto wait() { return told_.async_wait(boost::asio::deferred); }

private:
    using Time = boost::asio::steady_timer::time_point;

    void tell(Stopped::Reason reason) {
        if (!abandoned()) reason_ = reason;
        told_.expires_at(Time{});
    }

    std::optional<Stopped::Reason> reason_;
    boost::asio::steady_timer told_;
};

struct Surroundings {
    sql::Database& database;
    Rights& rights;
    WorkPool& pool;
    const Clock& clock;
    const jobs::Lease& lease;
    jobs::Queue& queue;
    const jobs::JobType& type;
    jobs::RetryBudget& retries;
};

}  // namespace afterresume::orchestration
