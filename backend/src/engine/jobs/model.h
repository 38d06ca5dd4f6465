// What a job is: its states, what is asked for and what a worker gets. Values only.
#pragma once

#include "core/clock.h"
#include "core/scope.h"
#include "engine/jobs/kinds.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace afterresume::jobs {

// A parent: the job begins when all of them have ended.
struct After {
    JobId job;
    OnFailure on_failure = OnFailure::fail;
};

struct NewJob {
    std::string type;
    // A described struct as JSON text: payload_of(args).
    std::string payload = "{}";
    std::optional<std::string> key = std::nullopt;
    Start start = Start::now;
    // Not before; overrides `start`.
    std::optional<Timestamp> run_at = std::nullopt;
    std::optional<std::int16_t> priority = std::nullopt;
    // Ends the job as failed when it passes, at work or not.
    std::optional<Timestamp> deadline = std::nullopt;
    // Micro-units; what its type says when absent.
    std::optional<std::int64_t> estimated_cost = std::nullopt;
    // Jobs of the same tenant; for types that are not unique only.
    std::vector<After> after = {};
};

// One of many that are enqueued together: it may come after others that stand before it in the
// list.
struct Node {
    NewJob job;
    std::vector<std::size_t> after = {};
    OnFailure on_failure = OnFailure::fail;
};

// On whose behalf and because of what. Nil ids mean "of the new job itself".
struct Origin {
    TenantId tenant;
    UserId user;
    Trigger trigger = Trigger::api;
    std::optional<JobId> parent = std::nullopt;
    std::optional<JobId> root = std::nullopt;
    Uuid trace_id{};
    Uuid correlation_id{};
    // The batch that asked for it.
    std::optional<Uuid> batch = std::nullopt;
};

// Of what the scope's user asks for.
inline Origin origin_of(const Scope& scope) {
    const auto& cause = scope.cause();
    return {scope.tenant(), scope.user(), Trigger::api,     std::nullopt,
            std::nullopt,   cause.trace,  cause.correlation};
}

struct Enqueued {
    JobId id;
    // False when `id` is a job that was there already.
    bool fresh = true;
};

// The authority of one attempt: every write it makes names these, and is refused once lease_seq has
// moved on. An attempt begins before its claim is on disk. Where a crash of the database undoes the
// claim, the next has the same lease_seq, and the worker tells the two apart.
struct Fence {
    JobId id;
    std::int64_t lease_seq = 0;
    // Nobody where the job does not run.
    std::optional<Uuid> worker = std::nullopt;
};
BOOST_DESCRIBE_STRUCT(Fence, (), (id, lease_seq, worker))

// A job as the worker that claimed it holds it.
struct Claimed {
    JobId id;
    std::int64_t lease_seq = 0;
    TenantId tenant_id;
    UserId user_id;
    std::string type;
    QueueName queue = QueueName::ai;
    // As it is kept: see Queue::given().
    std::string payload;
    std::optional<JobId> root_id;
    Uuid trace_id;
    Uuid correlation_id;
    std::int64_t generation = 1;
    std::int64_t attempts = 0;
    std::int64_t max_attempts = 0;
    std::int64_t rescues = 0;
    std::optional<Timestamp> deadline;
    // When it became ready.
    Timestamp run_at;
    std::int64_t priority = 0;
    std::int64_t estimated_cost = 0;
    // Who claimed it; no column of what is read.
    Uuid worker;

    Fence fence() const { return {id, lease_seq, worker}; }
    // Whether an earlier attempt may have left steps.
    bool began_before() const { return lease_seq > 1; }
};
BOOST_DESCRIBE_STRUCT(
    Claimed, (),
    (id, lease_seq, tenant_id, user_id, type, queue, payload, root_id, trace_id, correlation_id,
     generation, attempts, max_attempts, rescues, deadline, run_at, priority, estimated_cost)
)

// Why a job failed, as clients read it.
struct Failure {
    FailureKind kind = FailureKind::permanent;
    std::string code;
    std::string message;
};
BOOST_DESCRIBE_STRUCT(Failure, (), (kind, code, message))

}  // namespace afterresume::jobs
