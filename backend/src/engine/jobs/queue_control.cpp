#include "engine/jobs/queue_control.h"

namespace afterresume::jobs {

namespace {

void set_paused(sql::Tx& tx, QueueName queue, bool paused) {
    static constexpr sql::Statement statement{
        "jobs.set_queue_paused", "UPDATE job_queue SET paused = :paused WHERE name = :queue"
    };
    tx.defer(statement, sql::named("queue", queue), sql::named("paused", paused));
}

// Without the hint, the next sweep finds out whether claims look at the tenant, and gives it no
// credit for the time it was paused.
void set_paused(sql::Tx& tx, QueueName queue, TenantId tenant, bool paused) {
    static constexpr sql::Statement statement{
        "jobs.set_tenant_paused", R"sql(
        INSERT INTO tenant_queue (queue, tenant_id, weight, running, vtime, paused, ready_hint)
        VALUES (:queue, :tenant_id, 1, 0, 0, :paused, FALSE)
        ON CONFLICT (queue, tenant_id) DO UPDATE SET paused = excluded.paused, ready_hint = FALSE)sql"
    };
    tx.defer(
        statement, sql::named("queue", queue), sql::named("tenant_id", tenant),
        sql::named("paused", paused)
    );
}

}  // namespace

void pause_queue(sql::Tx& tx, QueueName queue) { set_paused(tx, queue, true); }
void resume_queue(sql::Tx& tx, QueueName queue) { set_paused(tx, queue, false); }

void pause_tenant(sql::Tx& tx, QueueName queue, TenantId tenant) {
    set_paused(tx, queue, tenant, true);
}
void resume_tenant(sql::Tx& tx, QueueName queue, TenantId tenant) {
    set_paused(tx, queue, tenant, false);
}

void set_share(sql::Tx& tx, QueueName queue, TenantId tenant, TenantShare share) {
    static constexpr sql::Statement statement{"jobs.set_share", R"sql(
        INSERT INTO tenant_queue (queue, tenant_id, weight, max_running, running, vtime, paused, ready_hint)
        VALUES (:queue, :tenant_id, :weight, :max_running, 0, 0, FALSE, FALSE)
        ON CONFLICT (queue, tenant_id) DO UPDATE
        SET weight = excluded.weight, max_running = excluded.max_running, ready_hint = FALSE)sql"};
    if (share.weight < 1 || share.max_running.value_or(0) < 0) {
        throw Error(
            ErrorKind::invalid, "jobs.bad_share",
            "A weight is at least 1, and a limit is not negative."
        );
    }
    tx.defer(
        statement, sql::named("queue", queue), sql::named("tenant_id", tenant),
        sql::named("weight", share.weight), sql::named("max_running", share.max_running)
    );
}

Task<std::vector<TenantQueue>> list_tenants(sql::Tx& tx, QueueName queue) {
    static constexpr sql::Statement statement{"jobs.list_tenants", R"sql(
        SELECT queue, tenant_id, weight, max_running, running, paused FROM tenant_queue
        WHERE queue = :queue ORDER BY tenant_id)sql"};
    return tx.all<TenantQueue>(statement, sql::named("queue", queue));
}

Task<std::vector<QueueName>> list_paused(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "jobs.list_paused", "SELECT name FROM job_queue WHERE paused ORDER BY name"
    };
    return tx.all<QueueName>(statement);
}

}  // namespace afterresume::jobs
