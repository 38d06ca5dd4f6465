// What an attempt stands on and how it is told to stop. Made by the worker; outlives the run.
#pragma once

#include "core/work_pool.h"
#include "engine/jobs/lease.h"
#include "engine/jobs/queue.h"
#include "infra/sql/database.h"

namespace afterresume::orchestration {

// What the attempt shares with its worker: the worker sets these, the run reads them at every point
// where it may stop.
struct Signals {
    bool cancel_requested = false;
    // The job is somebody else's by now, or the process is about to end.
    bool abandoned = false;
};

// Thrown inside an attempt that may not go on, or steps aside; the worker knows what to do. Not for
// workflows to catch.
struct Stopped {
    enum class Reason {
        cancelled,
        authority_lost,
        // The database says one of the two.
        not_held,
        waiting,
    };
    Reason reason;
};

struct Surroundings {
    sql::Database& database;
    WorkPool& pool;
    const Clock& clock;
    const jobs::Lease& lease;
    jobs::Queue& queue;
};

}  // namespace afterresume::orchestration
