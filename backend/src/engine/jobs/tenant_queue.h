// The tenants' shares of the queues: whose jobs are ready, how much of each may run, and what was
// begun for each. For engine transactions.
//
// A row of tenant_queue is changed under its lock by whoever claims from it or ends jobs of it, and
// no counting is done anywhere else. Where the tenant has a limit, a claim holds the row from its
// look on and passes by what others hold; where it has none, nothing hangs on its count, and claims
// lock the row when all else is done. Who waits does so in one order: for the rows of jobs, for
// those of tenants with a limit, for tenants that others introduce, for the rows of tenants without
// a limit; and for the rows of tenants in the order of (queue, tenant). On PostgreSQL each change
// raises the row's version, by which the newest is found without walking over those before it.
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
    // How far the tenant had come when it was last seen, or later by what was taken since; the
    // least is looked at first.
    double vtime = 0;
    std::vector<Front> fronts;
};
BOOST_DESCRIBE_STRUCT(Place, (), (queue, tenant_id, vtime, fronts))

struct LookRequest {
    // In the order in which they are served.
    std::vector<QueueName> queues;
    std::vector<std::string> types;
    // Looks only there; everywhere when absent.
    std::optional<std::vector<Place>> places;
    // Locks no more rows than that.
    std::int64_t most = 1;
    // Of the places it needs no more; on SQLite it looks at all the same.
    std::int64_t enough = 1;
};

// A tenant that has jobs ready, and room for them, and is not paused.
struct Sighting {
    Contender contender;
    // Whether jobs of it may be claimed: it has no limit, and what is told of it may be old, or its
    // row is locked for this transaction. Else others hold it, or there are enough.
    bool held = false;
    // Where its jobs begin.
    std::vector<Front> fronts;
    // As it is stored, whatever is made of the contender's.
    double vtime = 0;
};
Task<std::vector<Sighting>> look(sql::Tx& tx, LookRequest request);

// Places of a tenant without a limit that this transaction freed and has not counted as free yet.
struct Freed {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t jobs = 0;
};
BOOST_DESCRIBE_STRUCT(Freed, (), (queue, tenant_id, jobs))

// What a claim took from a tenant.
struct Charge {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t jobs = 0;
    // How far the tenant had come as it was seen, if it was; by how much the jobs bring it on, and
    // to where unless others have charged it meanwhile.
    std::optional<double> seen = std::nullopt;
    double turns = 0;
    double vtime = 0;
    // Whether it may have more that it has room for.
    bool active = true;
};
BOOST_DESCRIBE_STRUCT(Charge, (), (queue, tenant_id, jobs, seen, turns, vtime, active))

// Counts both. Once in a transaction and last, because it waits for rows that everybody wants.
void settle(sql::Tx& tx, const std::vector<Freed>& freed, const std::vector<Charge>& charges = {});

}  // namespace afterresume::jobs
