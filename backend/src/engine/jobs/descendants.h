// Cancelling what a job led to: the jobs that have it as their parent, and theirs in turn, however
// far down.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

// Cancels up to `limit` unfinished descendants; what is left is noted for
// cancel_noted_descendants(). Gives the number cancelled or asked to stop.
Task<std::size_t> cancel_descendants(
    sql::Tx& tx, TenantId tenant, JobId job, std::int64_t limit, Timestamp now
);
// The same for every job that was noted, until nothing is left of it. For engine transactions.
Task<std::size_t> cancel_noted_descendants(sql::Tx& tx, std::int64_t limit, Timestamp now);

}  // namespace afterresume::jobs
