// The names by which jobs are told apart: states, outcomes, queues. Values only.
#pragma once

#include "core/describe/traits.h"
#include "core/id.h"

#include <cstdint>

namespace afterresume::jobs {

// A UUID of version 7: sorts by the time of enqueueing.
using JobId = Uuid;

enum class Trigger : std::uint8_t { api, schedule, system, retry, chain };
BOOST_DESCRIBE_ENUM(Trigger, api, schedule, system, retry, chain)
// What the outside sees. The last three are outcomes and final.
enum class Status : std::uint8_t { queued, running, success, failed, cancelled };
BOOST_DESCRIBE_ENUM(Status, queued, running, success, failed, cancelled)
// Of an unfinished job; all but running are `queued` to the outside.
enum class State : std::uint8_t {
    // For its parents to end.
    blocked,
    // For its time.
    scheduled,
    ready,
    running,
    // In the middle of its run, holding no slot: for jobs that it made, or for a call back.
    waiting,
};
BOOST_DESCRIBE_ENUM(State, blocked, scheduled, ready, running, waiting)
enum class Level : std::uint8_t { debug, info, warning, error };
BOOST_DESCRIBE_ENUM(Level, debug, info, warning, error)
enum class Source : std::uint8_t { system, worker, workflow, agent, llm };
BOOST_DESCRIBE_ENUM(Source, system, worker, workflow, agent, llm)
enum class FailureKind : std::uint8_t { retryable, budget, cancelled, permission_lost, permanent };
BOOST_DESCRIBE_ENUM(FailureKind, retryable, budget, cancelled, permission_lost, permanent)
enum class QueueName : std::uint8_t { interactive, ai, documents, delivery, maintenance };
BOOST_DESCRIBE_ENUM(QueueName, interactive, ai, documents, delivery, maintenance)

enum class Start : std::uint8_t {
    // Also brings a queued job of the same key forward.
    now,
    // By the type's Debounce; for unique types only.
    debounced,
};

// What becomes of a child when its parent failed or was cancelled.
enum class OnFailure : std::uint8_t {
    fail,
    cancel,
    run,
    // The child waits in the middle of its run and goes on, whatever became of the parent.
    resume,
};
BOOST_DESCRIBE_ENUM(OnFailure, fail, cancel, run, resume)

}  // namespace afterresume::jobs
