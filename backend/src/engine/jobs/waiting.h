// Attempts that step aside in the middle of their run and hold no slot while they wait. The
// transaction must hold the job (hold() of claims.h). The attempt is not counted; when the wait
// is over the workflow runs again, from its kept steps.
#pragma once

#include "engine/jobs/claims.h"
#include "engine/jobs/doorbell.h"
#include "engine/jobs/payload_seal.h"

#include <string_view>

namespace afterresume::jobs {

// For its time to come.
void wait_until(sql::Tx& tx, const Fence& fence, Timestamp time, Timestamp now);
// For jobs that it made: `made` are new in this transaction, earlier ones are counted already.
void wait_for_made(
    sql::Tx& tx, const Fence& fence, TenantId tenant, const std::vector<JobId>& made, Timestamp now
);
// For call_back() of that name, at the longest until `until`.
void wait_for_call(
    sql::Tx& tx, const Fence& fence, std::string_view name, Timestamp until, Timestamp now
);

// How a job ended; nothing while it has not. Its result is as it is kept.
struct Ended {
    JobId id;
    std::optional<Status> status;
    std::optional<Json> result;
    std::optional<Failure> error;
};
BOOST_DESCRIBE_STRUCT(Ended, (), (id, status, result, error))
// In the order of the ids.
Task<std::vector<Ended>> list_ends(sql::Tx& tx, TenantId tenant, std::vector<JobId> ids);

// What a job waits for, or will, has come: kept as the step of that name, JSON text of an object,
// so that the workflow finds it. False when the job has ended or was called back before.
Task<bool> call_back(
    sql::Tx& tx, TenantId tenant, JobId job, std::string name, std::string answer,
    const PayloadSeal& seal, Doorbell& doorbell, Timestamp now
);

}  // namespace afterresume::jobs
