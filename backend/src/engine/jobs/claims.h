// How a worker comes by jobs, and holds one while it writes for it. What it writes of them in the
// end is in outcomes.h.
#pragma once

#include "engine/jobs/places.h"

namespace afterresume::jobs {

struct ClaimRequest {
    Uuid worker;
    // In the order in which they are served.
    std::vector<QueueName> queues;
    // Those that the worker knows; jobs of others stay queued for a build that knows them.
    std::vector<std::string> types;
    std::int64_t limit = 1;
    Timestamp now;
    Look look = Look::everywhere;
    Places places = {};
};

struct Claims {
    std::vector<Claimed> jobs;
    // Whether there may be more at once: others hold the rows, or what was found is not all.
    bool more = false;
    // For the next request.
    Places places;
};

// Before a transaction claims or writes outcomes: keeps PostgreSQL at the indexes made for it, and
// at one plan. What it knows of tables that fill and empty all the time is always old, and a sort
// of the whole queue for each claim, or of a partition of old jobs, is what it then chooses; and
// making the plan again for each outcome takes longer than writing it.
void plan_by_index(sql::Tx& tx);
// Makes jobs ready whose time has come: scheduled ones, and those that wait no longer. Those whose
// time came before `since` are passed by.
void promote_due(sql::Tx& tx, Timestamp now, Timestamp since = {});
// Gives up to `limit` ready jobs to the worker: of the first queue first; there by the tenants'
// shares, never past a tenant's limit; of a tenant by aged priority. Rows that others hold are
// passed by. Settles that, and what write_outcomes_unsettled() left: nothing of the transaction
// comes after it. For engine transactions.
Task<Claims> claim(sql::Tx& tx, ClaimRequest request, std::vector<Freed> freed = {});

// Locks the job for the transaction, which fails with Error(conflict, not_held) when the fence is
// stale or the job was asked to stop. What an attempt writes comes after it, in statements of their
// own: they must see what was committed before the lock was got.
void hold(sql::Tx& tx, const Fence& fence);
constexpr std::string_view not_held = "job.not_held";

}  // namespace afterresume::jobs
