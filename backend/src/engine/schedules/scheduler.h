// Fires what has come due, on any number of nodes at once. Sleeps until the next slot, by the
// database's clock on PostgreSQL and ours on SQLite. Owned by app/; what Parts names must outlive
// it, and so must the io_context it was spawned on.
#pragma once

#include "engine/jobs/doorbell.h"
#include "engine/schedules/built_in.h"
#include "engine/schedules/clock_watch.h"
#include "engine/schedules/firing.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace afterresume::schedules {

struct Parts {
    boost::asio::io_context& io;
    sql::Database& database;
    const jobs::JobTypes& types;
    jobs::Queue& queue;
    orchestration::Rights& rights;
    // Rings when a schedule was made or changed.
    jobs::Doorbell& bell;
    // Rings when a running job was asked to stop.
    jobs::Doorbell& cancels;
    const Clock& clock;
    observability::Log& log;
};

class Scheduler {
public:
    Scheduler(Parts parts, std::vector<BuiltIn> built_ins);
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    // Until stop(). Call once.
    Task<void> run();
    // Returns when the turn under way has ended.
    Task<void> stop();

    struct Turn {
        std::size_t fired = 0;
        // Until something is due, as far as is known.
        std::chrono::milliseconds idle;
    };
    // One turn of the loop: everything that is due now. For commands and tests too.
    Task<Turn> turn();

private:
    Task<std::chrono::milliseconds> guarded_turn();
    bool believes(Timestamp now);

    Parts parts_;
    std::vector<BuiltIn> built_ins_;
    Firing firing_;
    ClockWatch watch_;
    ClockWatch::Verdict told_ = ClockWatch::Verdict::fine;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer ended_;
    bool installed_ = false;
    bool rung_ = false;
    bool running_ = false;
    bool stopping_ = false;
};

}  // namespace afterresume::schedules
