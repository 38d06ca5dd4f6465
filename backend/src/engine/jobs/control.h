// What a requester may do to a job of their own: cancel it, or have it tried again.
#pragma once

#include "engine/jobs/doorbell.h"
#include "engine/jobs/model.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

// Whose jobs are meant: a scope stands for its own user.
struct Requester {
    TenantId tenant_id;
    UserId user_id;

    Requester() = default;
    Requester(const Scope& scope) : tenant_id(scope.tenant()), user_id(scope.user()) {}
};
BOOST_DESCRIBE_STRUCT(Requester, (), (tenant_id, user_id))

enum class Extent {
    job,
    // The job and all that it led to.
    descendants,
};
// Ends a waiting job at once; asks a running one to stop at its next point. The status afterwards.
// Rings after the commit where one that runs was asked. Error not_found for another user's job as
// for none; conflict "job.finished" for one that has ended, unless its descendants are meant too.
Task<Status> cancel(
    sql::Tx& tx, Requester requester, JobId id, Doorbell& cancels, Timestamp now,
    Extent extent = Extent::job
);
// Cancels unfinished jobs of a tenant, of one user alone unless `user` is 0: `most` at once, in
// order of id; how many. Those that run write nothing any more once this is committed. For
// transactions of the tenant.
Task<std::int64_t> cancel_all(
    sql::Tx& tx, TenantId tenant, UserId user, std::int64_t most, Doorbell& cancels, Timestamp now
);
// A job that has not ended and that the transaction holds.
struct Unfinished {
    JobId id;
    std::int64_t lease_seq = 0;
    State state = State::ready;
};
BOOST_DESCRIBE_STRUCT(Unfinished, (), (id, lease_seq, state))
// Ends those that do not run, and asks those that do to stop.
void stop(sql::Tx& tx, TenantId tenant, const std::vector<Unfinished>& jobs, Timestamp now);

// A failed or cancelled job begins anew as the next generation, all attempts before it and without
// its deadline; one that waits for its next attempt gets it now. Error not_found as above; conflict
// "job.not_failed" for any other, and "job.key_held" while another job has the key of a unique one.
// A period goes on as it was.
Task<void> retry(sql::Tx& tx, Requester requester, JobId id, Doorbell& doorbell, Timestamp now);

}  // namespace afterresume::jobs
