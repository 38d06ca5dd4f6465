// The end of ended jobs in small chunks: of old ones on SQLite, where whole weeks cannot be dropped
// (PostgreSQL's way is partitions.h), and of those whose tenant or user goes.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

// Removes jobs that ended before `before`, oldest first, with all that is kept of them; how many.
// For engine transactions.
Task<std::int64_t> remove_ended(sql::Tx& tx, Timestamp before, std::int64_t most);

// Removes ended jobs of a tenant, of one user alone unless `user` is 0, with all that is kept of
// them, on either database; how many. For transactions of the tenant.
Task<std::int64_t> remove_all_of(sql::Tx& tx, TenantId tenant, UserId user, std::int64_t most);

}  // namespace afterresume::jobs
