// A process that works: the program's own worker and scheduler, on a simulated machine.
#pragma once

#include "process.h"

#include "engine/orchestration/testing.h"
#include "engine/schedules/scheduler.h"
#include "engine/workers/worker.h"

#include <memory>

namespace afterresume::lives {

class Node : public Process {
public:
    explicit Node(Ground given);

    // Claims no more, hands back what does not end within the grace, and ends.
    void drain(milliseconds grace);
    // Whether nothing is left of it to be asked to stop: it has ended, or never began.
    bool ended() const { return ended_; }
    std::size_t active() const { return worker_.active(); }

private:
    Task<void> work();
    Task<void> stop(milliseconds grace);

    orchestration::Anybody rights_;
    WorkPool pool_{1};
    workers::Worker worker_;
    schedules::Scheduler scheduler_;
    bool open_ = false;
    bool stopping_ = false;
    bool ended_ = false;
};

}  // namespace afterresume::lives
