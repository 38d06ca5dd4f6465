// The tenants' shares of the queues: whose jobs are ready, how much of each may run, and what was
// begun for each. For engine transactions.
//
// A row of tenant_queue is changed under its lock by whoever claims from it or ends jobs of it, and
// no counting is done anywhere else. Who waits for rows locks them in the order of (queue, tenant);
// everybody else passes locked ones by. On PostgreSQL each change raises the row's version, by
// which the newest is found without walking over those before it.
#pragma once

#include "engine/jobs/shares.h"
#include "infra/sql/database.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::jobs {

// How far a worker has come in a tenant's queue: as far as it knows, nothing of the priority that
// is ready lies before it.
struct Front {
    std::int64_t priority = 0;
    Timestamp since;
};
BOOST_DESCRIBE_STRUCT(Front, (), (priority, since))

struct Place {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::vector<Front> fronts;
};
BOOST_DESCRIBE_STRUCT(Place, (), (queue, tenant_id, fronts))

struct LookRequest {
    // In the order in which they are served.
    std::vector<QueueName> queues;
    std::vector<std::string> types;
    // Looks only there; everywhere when absent.
    std::optional<std::vector<Place>> places;
    // Locks no more rows than that.
    std::int64_t most = 1;
};

// A tenant that has jobs ready, and room for them, and is not paused.
struct Sighting {
    Contender contender;
    // Whether its row is locked for this transaction. Others may hold it, or there are enough; what
    // is told of it may be old then.
    bool held = false;
    // Where its jobs begin.
    std::vector<Front> fronts;
};
Task<std::vector<Sighting>> look(sql::Tx& tx, LookRequest request);

// What a claim took from a tenant whose row it holds.
struct Charge {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t jobs = 0;
    // How far the tenant has come with them.
    double vtime = 0;
    // Whether it may have more that it has room for.
    bool active = true;
};
BOOST_DESCRIBE_STRUCT(Charge, (), (queue, tenant_id, jobs, vtime, active))
void charge(sql::Tx& tx, const std::vector<Charge>& charges);

}  // namespace afterresume::jobs
