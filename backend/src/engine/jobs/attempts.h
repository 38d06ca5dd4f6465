// What a worker does to jobs: claim, hold, complete, postpone, hand back. Each write names its
// fence and changes nothing where that is stale, because whoever takes a job from an attempt raises
// its lease_seq.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::jobs {

struct ClaimRequest {
    Uuid worker;
    // In the order in which they are served.
    std::vector<QueueName> queues;
    // Only these; jobs of other types stay queued for a build that knows them.
    std::vector<std::string> types;
    std::int64_t limit = 1;
    Timestamp now;
};

// First in a transaction that claims: keeps PostgreSQL at the indexes made for it. What it knows of
// tables that fill and empty all the time is always old, and a sort of the whole queue for each
// claim is what it then chooses.
void plan_by_index(sql::Tx& tx);
// Makes jobs ready whose time has come: scheduled ones, and those that wait no longer.
void promote_due(sql::Tx& tx, Timestamp now);
// Gives up to `limit` ready jobs to the worker: of the first queue first, then by priority, then
// oldest first. Rows that others hold are passed by. For engine transactions.
Task<std::vector<Claimed>> claim(sql::Tx& tx, ClaimRequest request);

struct Held {
    TenantId tenant_id;
    std::int64_t attempts = 0;
    bool cancel_requested = false;
};
BOOST_DESCRIBE_STRUCT(Held, (), (tenant_id, attempts, cancel_requested))
// Locks the job for the transaction; nullopt when the fence is stale. What an attempt writes
// besides its outcome comes after it, in statements of their own: they must see what was committed
// before the lock was got.
Task<std::optional<Held>> hold(sql::Tx& tx, Fence fence);

// How an attempt ended that has nothing else left to write.
struct Ending {
    Fence fence;
    Status status = Status::success;
    // JSON text of an object.
    std::optional<std::string> result = std::nullopt;
    std::optional<Failure> error = std::nullopt;
};
// Writes outcomes with their events, deletes the hot rows and tells the children; stale fences are
// passed by. Error conflict "sql.unique" when somebody appended an event at the same moment:
// then begin the transaction anew.
void complete(sql::Tx& tx, const std::vector<Ending>& endings, Timestamp now);

struct NewEvent;
// Takes the job from its attempt, with the event that says why; it stays in `state` until `run_at`.
// The transaction must hold the job.
void put_back(
    sql::Tx& tx, const Fence& fence, const Held& held, const NewEvent& event, State state,
    Timestamp run_at, std::int64_t attempts
);
// Back to the queue after a failure, until `run_at`; a job that was cancelled meanwhile ends.
Task<void> postpone(sql::Tx& tx, Fence fence, Failure failure, Timestamp run_at, Timestamp now);
// Back to the queue as if never begun, without counting the attempt; a job that was cancelled
// meanwhile ends.
Task<void> hand_back(sql::Tx& tx, Fence fence, Timestamp now);

}  // namespace afterresume::jobs
