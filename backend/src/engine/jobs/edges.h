// Which jobs wait for which others to end. No cycle can be made: a job's parents are there before
// it, and a job that waits in the middle of its run waits for jobs that it makes in the same
// transaction.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::jobs {

// A child waits for its parent; met once.
struct Edge {
    JobId parent_id;
    JobId child_id;
    OnFailure on_failure = OnFailure::fail;
    bool met = false;
};
BOOST_DESCRIBE_STRUCT(Edge, (), (parent_id, child_id, on_failure, met))

struct Linked {
    // Edges that are not met.
    std::int64_t unmet = 0;
    // The first job of the first parent's chain.
    std::optional<JobId> root;
};
// Puts a job that the transaction is about to insert behind its parents, and keeps them from ending
// before the transaction does. Error not_found for a parent that the tenant has not.
Task<Linked> link(sql::Tx& tx, TenantId tenant, JobId child, std::vector<After> parents);
// Between jobs that are all new in this transaction, or held by it.
void insert_edges(sql::Tx& tx, TenantId tenant, const std::vector<Edge>& edges);
// Blocks a job again that was just inserted anew, while parents of it have not ended.
Task<void> link_again(sql::Tx& tx, TenantId tenant, JobId child);

}  // namespace afterresume::jobs
