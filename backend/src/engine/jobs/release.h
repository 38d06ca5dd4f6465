// What ended jobs leave to be done: children that may begin, or may not any more. Few are told in
// the transaction that ends their parent, the rest in bounded batches, whatever becomes of the
// process that ended it.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::jobs {

// Notes which of the jobs that this transaction ended have children.
void note_children(sql::Tx& tx, const std::vector<JobId>& ended);
// Meets up to `limit` edges of noted parents; children that others hold are passed by. For each
// turn of a worker that ended jobs, before it claims.
void release(sql::Tx& tx, std::int64_t limit, Timestamp now);
// What is noted and left, up to `limit` of each: releases children, and ends those whose parents
// did not succeed. Gives how much it moved: to be repeated until that is 0. For engine
// transactions.
Task<std::size_t> resolve(sql::Tx& tx, std::int64_t limit, Timestamp now);

}  // namespace afterresume::jobs
