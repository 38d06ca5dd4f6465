// How jobs leave the hands of a worker: ended, or back in the queue. Each write names its fence and
// changes nothing where that is stale, because whoever takes a job from an attempt raises its
// lease_seq.
#pragma once

#include "engine/jobs/tenant_queue.h"
#include "engine/jobs/timeline.h"

#include <vector>

namespace afterresume::jobs {

// How a job ended that has nothing else left to write. One that was asked to stop ends as
// cancelled, whatever this says.
struct Ending {
    Fence fence;
    Status status = Status::success;
    // JSON text of an object.
    std::optional<std::string> result = std::nullopt;
    std::optional<Failure> error = std::nullopt;
    // Whether there may be steps, whose cost is the job's.
    bool has_steps = true;
};

// What an attempt counts as that did not end its job.
enum class Counted { attempt, nothing, rescue };
// A running job leaves its worker, and its place among those that run. One that was asked to stop
// ends as cancelled instead.
struct Return {
    Fence fence;
    Counted counted = Counted::attempt;
    // Ready, scheduled or waiting.
    State state = State::ready;
    // When that is over; ready in its old place without it.
    std::optional<Timestamp> run_at;
    NewEvent event;
};
Return postponed(const Claimed& job, const Failure& failure, Timestamp run_at, Timestamp now);
Return handed_back(const Fence& fence, Timestamp now);

// Few enough for the transaction of a request.
constexpr std::int64_t few_children = 100;
// Writes outcomes with their events, frees the places of those that were running, and releases so
// many of their children; the others are noted for release() and resolve(). Stale fences are passed
// by. Error conflict "sql.unique" when somebody appended an event at the same moment: then begin
// the transaction anew.
void write_outcomes(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now, std::int64_t children = few_children
);
inline void complete(sql::Tx& tx, const std::vector<Ending>& endings, Timestamp now) {
    write_outcomes(tx, endings, {}, now);
}
// The same for a transaction that claims afterwards: children are noted alone, and the places of
// tenants without a limit are given back, to be settled with what is claimed, so that their rows
// are locked no longer than that takes. On SQLite all is settled at once.
Task<std::vector<Freed>> write_outcomes_unsettled(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now
);

// A success, for a transaction that holds the job (hold() of claims.h) and writes more than this.
// Its children are noted. Nothing of the transaction comes after it.
void end_held(
    sql::Tx& tx, const Claimed& job, const std::optional<std::string>& result, bool has_steps,
    Timestamp now
);

// The first half of write_outcomes(): also ends those of the returns that were asked to stop.
void write_endings(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now
);
// That of write_outcomes_unsettled(), on PostgreSQL.
Task<std::vector<Freed>> write_endings_unsettled(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now
);

}  // namespace afterresume::jobs
