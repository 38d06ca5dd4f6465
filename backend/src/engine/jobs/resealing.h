// What is kept of jobs, sealed anew when ENCRYPTION_KEY was changed.
#pragma once

#include "engine/jobs/payload_seal.h"

namespace afterresume::jobs {

// Of all jobs: what they were given, what they resulted in, what their steps gave.
Task<resealing::Tally> reseal_payloads(
    sql::Database& database, sql::Access access, PayloadSeal seal
);
Task<resealing::Tally> reseal_results(
    sql::Database& database, sql::Access access, PayloadSeal seal
);
Task<resealing::Tally> reseal_steps(sql::Database& database, sql::Access access, PayloadSeal seal);

}  // namespace afterresume::jobs
