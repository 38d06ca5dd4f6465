// The engine's promises as queries. Run after tests and by the operator's check; reads only. For
// engine transactions.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

struct Violation {
    // "I4", with what it says, and a job that breaks it.
    std::string invariant;
    std::string sentence;
    JobId job;
};
BOOST_DESCRIBE_STRUCT(Violation, (), (invariant, sentence, job))

// Every breach that can be seen in one snapshot, at most 100 of each kind:
// I1 a running job has one worker that is registered; I2, I3 the outcome's lease and generation are
// no older than the checkpoints; I4 a job is unfinished exactly when it has a hot row; I5 attempts
// and rescues stay in their bounds; I10 a job is blocked exactly while one of its parents has not
// ended, and no ended parent is forgotten; E1 events are numbered without gaps; U1 a unique key has
// one holder.
Task<std::vector<Violation>> find_violations(sql::Tx& tx, std::int64_t rescue_cap);

}  // namespace afterresume::jobs
