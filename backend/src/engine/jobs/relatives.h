// A job among others: what it waits for, and what it led to.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::jobs {

struct Relative {
    JobId id;
    std::string type;
    Status status = Status::queued;
    // What becomes of the child when the parent does not succeed; null where none waits for the
    // other.
    std::optional<OnFailure> on_failure;
};
BOOST_DESCRIBE_STRUCT(Relative, (), (id, type, status, on_failure))

// At most 100 each, the oldest first.
Task<std::vector<Relative>> list_parents(sql::Tx& tx, TenantId tenant, JobId id);
// Jobs that come after it, and jobs that it made.
Task<std::vector<Relative>> list_children(sql::Tx& tx, TenantId tenant, JobId id);

}  // namespace afterresume::jobs
