// The tenants' shares of the queues: at whom a claim looks, how much of each may run, and what was
// begun for each. For engine transactions.
//
// A row is changed under its lock by whoever claims from it or ends jobs of it, and no counting is
// done anywhere else; who has jobs ready is only a hint. Who waits for rows locks them in the order
// of (queue, tenant); everybody else passes locked ones by.
#pragma once

#include "engine/jobs/shares.h"
#include "infra/sql/database.h"

#include <string>
#include <vector>

namespace afterresume::jobs {

// Hints at every tenant that has jobs of these types ready, and room, and is not paused. Who comes
// anew has no credit from the time it was away: its vtime is at least the least of those that were
// there, or the greatest of all when none was.
void sweep(sql::Tx& tx, const std::vector<std::string>& types);

// Locks up to `most` hinted tenants: of the first queue first, then by vtime.
Task<std::vector<Contender>> lock_contenders(
    sql::Tx& tx, std::vector<QueueName> queues, std::int64_t most
);
// Whether any is hinted, locked by others or not.
Task<bool> anyone_contends(sql::Tx& tx, std::vector<QueueName> queues);

// What a claim took from a tenant whose row it holds.
struct Charge {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t jobs = 0;
    // Added to its vtime.
    double vtime = 0;
    // Whether claims go on looking there.
    bool ready_hint = true;
};
BOOST_DESCRIBE_STRUCT(Charge, (), (queue, tenant_id, jobs, vtime, ready_hint))
void charge(sql::Tx& tx, const std::vector<Charge>& charges);

}  // namespace afterresume::jobs
