// What operators set: which queues and tenants are served, and how much of a queue a tenant gets.
// For engine transactions, and a tenant's where a tenant is named; holds from the next claim on.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::jobs {

// Nothing of a paused queue is begun; what runs goes on, and jobs may be enqueued.
void pause_queue(sql::Tx& tx, QueueName queue);
void resume_queue(sql::Tx& tx, QueueName queue);
// The same for one tenant's jobs in a queue.
void pause_tenant(sql::Tx& tx, QueueName queue, TenantId tenant);
void resume_tenant(sql::Tx& tx, QueueName queue, TenantId tenant);

struct TenantShare {
    // Against other tenants that have jobs ready in the queue.
    std::int64_t weight = 1;
    // No limit without it. Lowered below what runs, it holds once enough has ended.
    std::optional<std::int64_t> max_running;
};
BOOST_DESCRIBE_STRUCT(TenantShare, (), (weight, max_running))
// Throws Error(invalid, "jobs.bad_share") for a weight below 1 or a negative limit.
void set_share(sql::Tx& tx, QueueName queue, TenantId tenant, TenantShare share, Timestamp now);

// The limit alone, in each queue of what people ask for; weights stay.
void limit_tenant(
    sql::Tx& tx, TenantId tenant, std::optional<std::int64_t> max_running, Timestamp now
);

// As it was set, or the share of everybody for whom none was.
Task<TenantShare> get_share(sql::Tx& tx, QueueName queue, TenantId tenant);

struct TenantQueue {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t weight = 1;
    std::optional<std::int64_t> max_running;
    std::int64_t running = 0;
    bool paused = false;
};
BOOST_DESCRIBE_STRUCT(TenantQueue, (), (queue, tenant_id, weight, max_running, running, paused))
// Every tenant that ever had a job ready in the queue, or a share set.
Task<std::vector<TenantQueue>> list_tenants(sql::Tx& tx, QueueName queue);
Task<std::vector<QueueName>> list_paused(sql::Tx& tx);

}  // namespace afterresume::jobs
