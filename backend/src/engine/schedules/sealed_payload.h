// The payload of a schedule as the database keeps it: see engine/jobs/payload_seal.h.
#pragma once

#include "engine/jobs/payload_seal.h"
#include "engine/schedules/model.h"

namespace afterresume::schedules {

// Of the schedule of that id, with everything else as it is.
Schedule sealed(const jobs::PayloadSeal& seal, TenantId tenant, Schedule schedule);
// The same back. Error internal "job.unreadable_payload" where no key opens it.
Schedule opened(const jobs::PayloadSeal& seal, TenantId tenant, Schedule schedule);

// Those of all schedules, when ENCRYPTION_KEY was changed.
Task<resealing::Tally> reseal_schedules(
    sql::Database& database, sql::Access access, jobs::PayloadSeal seal
);

}  // namespace afterresume::schedules
