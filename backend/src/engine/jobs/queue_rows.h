// The two rows of a new job, as they are bound into the statements that insert them. Of the queue.
#pragma once

#include "engine/jobs/job_types.h"
#include "infra/sql/value.h"

namespace afterresume::jobs {

struct Rows {
    JobId id;
    TenantId tenant_id;
    UserId user_id;
    std::string type;
    QueueName queue;
    std::int16_t priority;
    Trigger triggered_by;
    sql::JsonText payload;
    std::optional<JobId> parent_id;
    std::optional<JobId> root_id;
    Uuid trace_id;
    Uuid correlation_id;
    std::optional<Uuid> batch_id;
    std::int16_t max_attempts;
    std::optional<Timestamp> deadline;
    Timestamp created_at;
    State state;
    Timestamp run_at;
    std::int64_t unmet;
    std::optional<std::string> unique_key;
    bool key_held_while_running;
    std::optional<Timestamp> latest_at;
    std::int64_t estimated_cost;

    // Behind so many jobs that have not ended.
    void wait_behind(std::int64_t parents) {
        unmet = parents;
        if (parents > 0) state = State::blocked;
    }
};
BOOST_DESCRIBE_STRUCT(
    Rows, (),
    (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id,
     trace_id, correlation_id, batch_id, max_attempts, deadline, created_at, state, run_at, unmet,
     unique_key, key_held_while_running, latest_at, estimated_cost)
)

Rows rows_of(
    const JobType& type, const PayloadSeal& seal, const Origin& origin, NewJob job, Timestamp now
);

}  // namespace afterresume::jobs
