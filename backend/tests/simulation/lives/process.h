// A process on a simulated machine: an io_context whose turns are taken when the life says so, its
// own clock, its way to the database, and its bells. By itself, what serves people does.
#pragma once

#include "air.h"
#include "link.h"
#include "machine.h"
#include "oracle.h"

#include "engine/jobs/queue.h"
#include "engine/jobs/wakeups.h"
#include "infra/observability/log.h"

#include <boost/asio/executor_work_guard.hpp>

namespace afterresume::lives {

// What all processes of a life stand on.
struct Ground {
    Course& course;
    Store& store;
    Air& air;
    Oracle& oracle;
    observability::Log& log;
};

class Process {
public:
    explicit Process(Ground given);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    // Whether there was anything to do.
    bool turn() { return io.poll_one() > 0; }
    // Runs by itself from then on; what it throws goes to `ended`.
    void begin(Task<void> task, std::function<void(const std::string& failure)> ended);

    Ground ground;
    boost::asio::io_context io{1};
    ManualClock clock;
    Link link;
    jobs::Doorbell doorbell;
    jobs::Doorbell cancels;
    jobs::Doorbell bell;
    jobs::JobTypes types;
    orchestration::Workflows workflows{types};
    jobs::Queue queue{types, clock, doorbell};

private:
    Antenna antenna_;
    jobs::Wakeups wakeups_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
};

}  // namespace afterresume::lives
