// The end of ended jobs on SQLite, where whole weeks cannot be dropped: small chunks. PostgreSQL's
// way is partitions.h.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

// Removes jobs that ended before `before`, oldest first, with all that is kept of them; how many.
// For engine transactions.
Task<std::int64_t> remove_ended(sql::Tx& tx, Timestamp before, std::int64_t most);

}  // namespace afterresume::jobs
