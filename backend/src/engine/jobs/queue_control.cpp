#include "engine/jobs/queue_control.h"

#include <array>

namespace afterresume::jobs {

namespace {

// Claims under way while something is set do not see it, and clocks of nodes differ.
constexpr std::chrono::minutes seen_by_all{1};

void set_paused(sql::Tx& tx, QueueName queue, bool paused) {
    static constexpr sql::Statement statement{
        "jobs.set_queue_paused", "UPDATE job_queue SET paused = :paused WHERE name = :queue"
    };
    tx.defer(statement, sql::named("queue", queue), sql::named("paused", paused));
}

// The tenant has a part of the queue from then on. Here a row is named by its whole key: a
// transaction of the engine is fenced in no tenant, so that nothing else keeps it at that row.
void introduce(sql::Tx& tx, QueueName queue, TenantId tenant) {
    static constexpr sql::Statement on_postgres{"jobs.introduce", R"sql(
        WITH introduced AS (
            INSERT INTO tenant_share (queue, tenant_id, weight, paused) VALUES (:queue, :tenant_id, 1, FALSE)
            ON CONFLICT DO NOTHING RETURNING queue, tenant_id
        )
        INSERT INTO tenant_queue (queue, tenant_id, running, vtime, active)
        SELECT queue, tenant_id, 0, 0, FALSE FROM introduced)sql"};
    static constexpr sql::Statement share_on_sqlite{"jobs.introduce_share", R"sql(
        INSERT INTO tenant_share (queue, tenant_id, weight, paused) VALUES (:queue, :tenant_id, 1, FALSE)
        ON CONFLICT DO NOTHING)sql"};
    static constexpr sql::Statement count_on_sqlite{"jobs.introduce_count", R"sql(
        INSERT INTO tenant_queue (queue, tenant_id, running, vtime, active) VALUES (:queue, :tenant_id, 0, 0, FALSE)
        ON CONFLICT DO NOTHING)sql"};
    auto defer = [&](const sql::Statement& statement) {
        tx.defer(statement, sql::named("queue", queue), sql::named("tenant_id", tenant));
    };
    if (tx.dialect() == sql::Dialect::postgres) {
        defer(on_postgres);
    } else {
        defer(share_on_sqlite);
        defer(count_on_sqlite);
    }
}

// Who waits for several rows begins with those of tenants with a limit; see tenant_queue.h.
void lock_limited(sql::Tx& tx, TenantId tenant) {
    static constexpr sql::Statement statement{"jobs.lock_limited", R"sql(
        SELECT share.queue
        FROM (SELECT queue, tenant_id FROM tenant_share
              WHERE tenant_id = :tenant_id AND max_running IS NOT NULL ORDER BY queue) share
        CROSS JOIN LATERAL (
            SELECT tq.version FROM tenant_queue tq WHERE tq.queue = share.queue AND tq.tenant_id = share.tenant_id
            ORDER BY tq.version DESC LIMIT 1) newest
        CROSS JOIN LATERAL (
            SELECT FROM tenant_queue tq
            WHERE tq.queue = share.queue AND tq.tenant_id = share.tenant_id AND tq.version >= newest.version
            FOR NO KEY UPDATE) locked)sql"};
    if (tx.dialect() == sql::Dialect::postgres)
        tx.defer(statement, sql::named("tenant_id", tenant));
}

// Whoever could not be served is given no credit for that time. Before its share is changed, so
// that whoever holds a share holds the row of the tenant, too.
void send_away(sql::Tx& tx, QueueName queue, TenantId tenant) {
    static constexpr sql::Statement statement{
        "jobs.send_away",
        R"sql(
        UPDATE tenant_queue SET active = FALSE, version = version + 1
        WHERE (queue, tenant_id) = (:queue, :tenant_id)
          AND version >= (SELECT newest.version FROM tenant_queue newest
                          WHERE (newest.queue, newest.tenant_id) = (:queue, :tenant_id)
                          ORDER BY newest.version DESC LIMIT 1))sql",
        "UPDATE tenant_queue SET active = FALSE WHERE (queue, tenant_id) = (:queue, :tenant_id)"
    };
    tx.defer(statement, sql::named("queue", queue), sql::named("tenant_id", tenant));
}

void set_paused(sql::Tx& tx, QueueName queue, TenantId tenant, bool paused) {
    static constexpr sql::Statement statement{
        "jobs.set_tenant_paused", R"sql(
        UPDATE tenant_share SET paused = :paused WHERE (queue, tenant_id) = (:queue, :tenant_id))sql"
    };
    introduce(tx, queue, tenant);
    send_away(tx, queue, tenant);
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

void set_share(sql::Tx& tx, QueueName queue, TenantId tenant, TenantShare share, Timestamp now) {
    static constexpr sql::Statement statement{"jobs.set_share", R"sql(
        UPDATE tenant_share SET weight = :weight, max_running = :max_running, limited_from = :limited_from
        WHERE (queue, tenant_id) = (:queue, :tenant_id))sql"};
    if (share.weight < 1 || share.max_running.value_or(0) < 0) {
        throw Error(
            ErrorKind::invalid, "jobs.bad_share",
            "A weight is at least 1, and a limit is not negative."
        );
    }
    introduce(tx, queue, tenant);
    send_away(tx, queue, tenant);
    tx.defer(
        statement, sql::named("queue", queue), sql::named("tenant_id", tenant),
        sql::named("weight", share.weight), sql::named("max_running", share.max_running),
        sql::named("limited_from", now + seen_by_all)
    );
}

void limit_tenant(
    sql::Tx& tx, TenantId tenant, std::optional<std::int64_t> max_running, Timestamp now
) {
    static constexpr sql::Statement statement{"jobs.limit_tenant", R"sql(
        UPDATE tenant_share SET max_running = :max_running, limited_from = :limited_from
        WHERE (queue, tenant_id) = (:queue, :tenant_id))sql"};
    // In the order in which rows are locked.
    constexpr std::array queues{QueueName::ai, QueueName::documents, QueueName::interactive};
    lock_limited(tx, tenant);
    for (auto queue : queues) introduce(tx, queue, tenant);
    for (auto queue : queues) send_away(tx, queue, tenant);
    for (auto queue : queues) {
        tx.defer(
            statement, sql::named("queue", queue), sql::named("tenant_id", tenant),
            sql::named("max_running", max_running), sql::named("limited_from", now + seen_by_all)
        );
    }
}

Task<TenantShare> get_share(sql::Tx& tx, QueueName queue, TenantId tenant) {
    static constexpr sql::Statement statement{
        "jobs.get_share", R"sql(
        SELECT weight, max_running FROM tenant_share WHERE queue = :queue AND tenant_id = :tenant_id)sql"
    };
    auto found = co_await tx.find<TenantShare>(
        statement, sql::named("queue", queue), sql::named("tenant_id", tenant)
    );
    co_return found.value_or(TenantShare{});
}

Task<std::vector<TenantQueue>> list_tenants(sql::Tx& tx, QueueName queue) {
    static constexpr sql::Statement statement{"jobs.list_tenants", R"sql(
        SELECT tq.queue, tq.tenant_id, coalesce(share.weight, 1) AS weight, share.max_running, tq.running,
               coalesce(share.paused, FALSE) AS paused
        FROM tenant_queue tq
        LEFT JOIN tenant_share share ON share.queue = tq.queue AND share.tenant_id = tq.tenant_id
        WHERE tq.queue = :queue ORDER BY tq.tenant_id)sql"};
    return tx.all<TenantQueue>(statement, sql::named("queue", queue));
}

Task<std::vector<QueueName>> list_paused(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "jobs.list_paused", "SELECT name FROM job_queue WHERE paused ORDER BY name"
    };
    return tx.all<QueueName>(statement);
}

}  // namespace afterresume::jobs
