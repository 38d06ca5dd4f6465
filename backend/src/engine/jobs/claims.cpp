#include "engine/jobs/attempts.h"

namespace afterresume::jobs {

namespace {

constexpr sql::Statement claim_on_postgres{"jobs.claim", R"sql(
    WITH picked AS MATERIALIZED (
        SELECT ready.id
        FROM unnest(CAST(:queues AS text[])) WITH ORDINALITY AS served(queue, place)
        CROSS JOIN LATERAL (
            SELECT hot.id FROM job_hot hot
            WHERE hot.state = 'ready' AND hot.queue = served.queue AND hot.type = ANY (CAST(:types AS text[]))
            ORDER BY hot.priority, hot.id LIMIT :limit FOR UPDATE SKIP LOCKED
        ) ready
        LIMIT :limit
    ), claimed AS (
        UPDATE job_hot hot
        SET state = 'running', worker_id = :worker, lease_seq = hot.lease_seq + 1, attempts = hot.attempts + 1,
            started_at = coalesce(hot.started_at, :now), event_seq = hot.event_seq + 1, latest_at = NULL,
            unique_key = CASE WHEN hot.key_held_while_running THEN hot.unique_key END
        WHERE hot.id = ANY (ARRAY(SELECT picked.id FROM picked))
        RETURNING hot.id, hot.tenant_id, hot.type, hot.lease_seq, hot.generation, hot.attempts, hot.rescues, hot.event_seq,
                  hot.run_at
    ), begun AS (
        INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
        SELECT id, event_seq, tenant_id, :now, 'info', 'worker', 'Started',
               jsonb_build_object('event', 'started', 'attempt', attempts)
        FROM claimed
    )
    SELECT claimed.id, claimed.lease_seq, claimed.tenant_id, claimed.type, claimed.generation, claimed.attempts,
           claimed.rescues, claimed.run_at, job.user_id, job.payload, job.root_id, job.trace_id, job.correlation_id, job.max_attempts,
           job.deadline
    FROM claimed
    CROSS JOIN LATERAL (SELECT * FROM job WHERE job.id = claimed.id LIMIT 1) job)sql"};

constexpr sql::Statement claim_on_sqlite{"jobs.claim", R"sql(
    UPDATE job_hot
    SET state = 'running', worker_id = :worker, lease_seq = lease_seq + 1, attempts = attempts + 1,
        started_at = coalesce(started_at, :now), event_seq = event_seq + 1, latest_at = NULL,
        unique_key = CASE WHEN key_held_while_running THEN unique_key END
    WHERE id IN (
        SELECT id FROM job_hot
        WHERE state = 'ready' AND queue = :queue AND type IN (SELECT value FROM json_each(:types))
        ORDER BY priority, id LIMIT :limit
    )
    RETURNING id)sql"};

constexpr sql::Statement begin_on_sqlite{"jobs.begin", R"sql(
    INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
    SELECT hot.id, hot.event_seq, hot.tenant_id, :now, 'info', 'worker', 'Started',
           json_object('event', 'started', 'attempt', hot.attempts)
    FROM json_each(:ids) AS claimed JOIN job_hot AS hot ON hot.id = claimed.value)sql"};

constexpr sql::Statement read_on_sqlite{"jobs.read_claimed", R"sql(
    SELECT hot.id, hot.lease_seq, hot.tenant_id, hot.type, hot.generation, hot.attempts, hot.rescues, hot.run_at,
           job.user_id, job.payload, job.root_id, job.trace_id, job.correlation_id, job.max_attempts, job.deadline
    FROM json_each(:ids) AS claimed
    JOIN job_hot AS hot ON hot.id = claimed.value
    JOIN job ON job.id = hot.id)sql"};

std::string array_literal(const std::vector<std::string>& names) {
    std::string out = "{";
    for (const auto& name : names) {
        if (out.size() > 1) out += ',';
        out += '"';
        out += name;
        out += '"';
    }
    return out + "}";
}

std::vector<std::string> names_of(const std::vector<QueueName>& queues) {
    std::vector<std::string> names;
    for (auto queue : queues) names.emplace_back(describe::name_of(queue));
    return names;
}

Task<std::vector<Claimed>> claim_rows_on_sqlite(sql::Tx& tx, ClaimRequest request) {
    std::vector<Uuid> ids;
    auto types = sql::JsonText{describe::to_json(request.types)};
    for (auto queue : request.queues) {
        auto left = request.limit - static_cast<std::int64_t>(ids.size());
        if (left <= 0) break;
        auto more = co_await tx.all<Uuid>(
            claim_on_sqlite, sql::named("worker", request.worker), sql::named("now", request.now),
            sql::named("queue", queue), sql::named("types", types), sql::named("limit", left)
        );
        ids.insert(ids.end(), more.begin(), more.end());
    }
    if (ids.empty()) co_return std::vector<Claimed>{};
    auto list = sql::JsonText{describe::to_json(ids)};
    tx.defer(begin_on_sqlite, sql::named("now", request.now), sql::named("ids", list));
    auto claimed = co_await tx.all<Claimed>(read_on_sqlite, sql::named("ids", list));
    co_return claimed;
}

}  // namespace

void plan_by_index(sql::Tx& tx) {
    static constexpr sql::Statement statement{"jobs.plan_by_index", R"sql(
        SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
               set_config('enable_seqscan', 'off', true))sql"};
    if (tx.dialect() == sql::Dialect::postgres) tx.defer(statement);
}

void promote_due(sql::Tx& tx, Timestamp now) {
    static constexpr sql::Statement statement{
        "jobs.promote_due",
        R"sql(
        UPDATE job_hot SET state = 'ready'
        WHERE id = ANY (ARRAY(
            SELECT id FROM job_hot WHERE state IN ('scheduled', 'waiting') AND run_at <= :now
            ORDER BY run_at LIMIT 1000 FOR UPDATE SKIP LOCKED)))sql",
        R"sql(
        UPDATE job_hot SET state = 'ready'
        WHERE id IN (
            SELECT id FROM job_hot WHERE state IN ('scheduled', 'waiting') AND run_at <= :now
            ORDER BY run_at LIMIT 1000))sql"
    };
    tx.defer(statement, sql::named("now", now));
}

Task<std::vector<Claimed>> claim(sql::Tx& tx, ClaimRequest request) {
    if (tx.dialect() == sql::Dialect::sqlite) return claim_rows_on_sqlite(tx, std::move(request));
    return tx.all<Claimed>(
        claim_on_postgres, sql::named("worker", request.worker), sql::named("now", request.now),
        sql::named("queues", array_literal(names_of(request.queues))),
        sql::named("types", array_literal(request.types)), sql::named("limit", request.limit)
    );
}

}  // namespace afterresume::jobs
