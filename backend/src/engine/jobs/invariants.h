// The engine's promises as queries. Run after tests and by the operator's check; reads only.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

struct Violation {
    // "I4", with what it says, and the job or the queue and tenant that break it.
    std::string invariant;
    std::string sentence;
    std::string subject;
};
BOOST_DESCRIBE_STRUCT(Violation, (), (invariant, sentence, subject))

struct Expected {
    std::int64_t rescue_cap = 10;
    // What became ready before must be open to claims, and not be passed by; nothing where no time
    // is given.
    Timestamp claimable_since;
};

// Every breach that can be seen in one snapshot, at most 100 of each kind:
// I1 a running job has one worker that is registered; I2, I3 the outcome's lease and generation are
// no older than the checkpoints; I4 a job is unfinished exactly when it has a hot row; I5 attempts
// and rescues stay in their bounds; I6 a tenant's count of running jobs is right and within its
// limit, per queue; I7 no step was finished more often than it was recorded; I9 a cancelled job
// does no more; I10 a job is blocked exactly while one of its parents has not ended, and no ended
// parent is forgotten; I11 no two jobs are of one slot of a schedule; I13 a ready job becomes
// claimable while there are workers, and later ones of its type do not pass it by for half an hour;
// E1, E2 events are numbered without gaps. Takes as long as the tables are large and holds nobody
// up.
Task<std::vector<Violation>> find_violations(sql::Database& database, Expected expected);

}  // namespace afterresume::jobs
