// The weeks of job, job_event and job_step on PostgreSQL: made ahead, and dropped when the time of
// all that is in them is over. Blocking, for a session of the tables' owner: no other role changes
// tables. One session at a time does this, and no ended job is tried again meanwhile.
#pragma once

#include "core/clock.h"
#include "infra/sql/database.h"
#include "infra/sql/postgres_session.h"

#include <string>
#include <vector>

namespace afterresume::jobs {

inline constexpr int weeks_ahead = 4;

// The week of `now` and those after it that are not there; gives their names. A week of which rows
// lie in the default partition already is left to that.
std::vector<std::string> make_partitions(sql::PostgresSession& owner, Timestamp now);

struct Dropped {
    // Names of weeks.
    std::vector<std::string> weeks;
    // Jobs of the default partition.
    std::int64_t jobs = 0;
};
// Whole weeks whose jobs have all ended before `before`, and such jobs of the default partition.
Dropped drop_partitions(sql::PostgresSession& owner, Timestamp before);

// Holds the weeks until the transaction ends: before an ended job begins anew. Nothing on SQLite.
void hold_partitions(sql::Tx& tx);

}  // namespace afterresume::jobs
