#include "engine/jobs/tenant_queue.h"

namespace afterresume::jobs {

namespace {

// The list of who waits jumps from one tenant to the next by the index of ready jobs, however many
// jobs each has. Scalar queries, because PostgreSQL would make joins of all ready jobs of others.
constexpr sql::Statement sweep_statement{
    "jobs.sweep",
    R"sql(
    WITH RECURSIVE waiting(queue, tenant_id) AS (
        SELECT name, (SELECT min(hot.tenant_id) FROM job_hot hot WHERE hot.state = 'ready' AND hot.queue = name)
        FROM job_queue WHERE NOT paused
        UNION ALL
        SELECT queue, (SELECT min(hot.tenant_id) FROM job_hot hot
                       WHERE hot.state = 'ready' AND hot.queue = waiting.queue AND hot.tenant_id > waiting.tenant_id)
        FROM waiting WHERE tenant_id IS NOT NULL
    ), found AS MATERIALIZED (
        SELECT waiting.queue, waiting.tenant_id, tq.queue IS NULL AS fresh
        FROM waiting LEFT JOIN tenant_queue tq ON tq.queue = waiting.queue AND tq.tenant_id = waiting.tenant_id
        WHERE waiting.tenant_id IS NOT NULL
          AND (tq.queue IS NULL
               OR (NOT tq.ready_hint AND NOT tq.paused AND (tq.max_running IS NULL OR tq.running < tq.max_running)))
          AND (SELECT 1 FROM job_hot hot
               WHERE hot.state = 'ready' AND hot.queue = waiting.queue AND hot.tenant_id = waiting.tenant_id
                 AND hot.type = ANY (ARRAY(SELECT jsonb_array_elements_text(:types))) LIMIT 1) IS NOT NULL
    ), base AS MATERIALIZED (
        SELECT queue, coalesce(min(vtime) FILTER (WHERE ready_hint), max(vtime)) AS vtime
        FROM tenant_queue WHERE queue IN (SELECT queue FROM found) GROUP BY queue
    ), entered AS (
        INSERT INTO tenant_queue (queue, tenant_id, weight, running, vtime, paused, ready_hint)
        SELECT found.queue, found.tenant_id, 1, 0, coalesce(base.vtime, 0), FALSE, TRUE
        FROM found LEFT JOIN base ON base.queue = found.queue
        WHERE found.fresh ORDER BY found.queue, found.tenant_id
        ON CONFLICT DO NOTHING
    ), held AS MATERIALIZED (
        SELECT tq.queue, tq.tenant_id
        FROM found JOIN tenant_queue tq ON tq.queue = found.queue AND tq.tenant_id = found.tenant_id
        WHERE NOT tq.ready_hint ORDER BY tq.queue, tq.tenant_id FOR NO KEY UPDATE OF tq SKIP LOCKED
    )
    UPDATE tenant_queue tq SET ready_hint = TRUE, vtime = greatest(tq.vtime, base.vtime)
    FROM held JOIN base ON base.queue = held.queue
    WHERE tq.queue = held.queue AND tq.tenant_id = held.tenant_id)sql",
    R"sql(
    WITH RECURSIVE waiting(queue, tenant_id) AS (
        SELECT name, (SELECT min(hot.tenant_id) FROM job_hot AS hot WHERE hot.state = 'ready' AND hot.queue = name)
        FROM job_queue WHERE NOT paused
        UNION ALL
        SELECT queue, (SELECT min(hot.tenant_id) FROM job_hot AS hot
                       WHERE hot.state = 'ready' AND hot.queue = waiting.queue AND hot.tenant_id > waiting.tenant_id)
        FROM waiting WHERE tenant_id IS NOT NULL
    )
    INSERT INTO tenant_queue (queue, tenant_id, weight, running, vtime, paused, ready_hint)
    SELECT waiting.queue, waiting.tenant_id, 1, 0,
           coalesce((SELECT coalesce(min(other.vtime) FILTER (WHERE other.ready_hint), max(other.vtime))
                     FROM tenant_queue AS other WHERE other.queue = waiting.queue), 0),
           FALSE, TRUE
    FROM waiting
    LEFT JOIN tenant_queue AS tq ON tq.queue = waiting.queue AND tq.tenant_id = waiting.tenant_id
    WHERE waiting.tenant_id IS NOT NULL
      AND (tq.queue IS NULL
           OR (NOT tq.ready_hint AND NOT tq.paused AND (tq.max_running IS NULL OR tq.running < tq.max_running)))
      AND EXISTS (SELECT 1 FROM job_hot AS hot
                  WHERE hot.state = 'ready' AND hot.queue = waiting.queue AND hot.tenant_id = waiting.tenant_id
                    AND hot.type IN (SELECT value FROM json_each(:types)))
    ON CONFLICT (queue, tenant_id) DO UPDATE
    SET ready_hint = TRUE, vtime = max(tenant_queue.vtime, excluded.vtime))sql"
};

constexpr sql::Statement lock_statement{
    "jobs.lock_contenders",
    R"sql(
    SELECT active.queue, active.tenant_id, active.weight, active.vtime, active.room
    FROM jsonb_array_elements_text(:queues) WITH ORDINALITY AS served(queue, place)
    CROSS JOIN LATERAL (
        SELECT tq.queue, tq.tenant_id, tq.weight, tq.vtime, tq.max_running - tq.running AS room
        FROM tenant_queue tq
        WHERE tq.queue = served.queue AND tq.ready_hint
          AND NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = tq.queue AND job_queue.paused)
        ORDER BY tq.vtime, tq.tenant_id LIMIT :most FOR NO KEY UPDATE OF tq SKIP LOCKED
    ) active
    LIMIT :most)sql",
    R"sql(
    SELECT tq.queue, tq.tenant_id, tq.weight, tq.vtime, tq.max_running - tq.running AS room
    FROM json_each(:queues) AS served JOIN tenant_queue AS tq ON tq.queue = served.value AND tq.ready_hint
    WHERE NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = tq.queue AND job_queue.paused)
    ORDER BY served.key, tq.vtime, tq.tenant_id LIMIT :most)sql"
};

constexpr sql::Statement charge_statement{
    "jobs.charge",
    R"sql(
    UPDATE tenant_queue tq
    SET running = tq.running + given.jobs, vtime = tq.vtime + given.vtime, ready_hint = given.ready_hint
    FROM jsonb_to_recordset(:charges)
        AS given(queue text, tenant_id bigint, jobs integer, vtime double precision, ready_hint boolean)
    WHERE tq.queue = given.queue AND tq.tenant_id = given.tenant_id)sql",
    R"sql(
    UPDATE tenant_queue
    SET running = running + given.jobs, vtime = tenant_queue.vtime + given.vtime, ready_hint = given.ready_hint
    FROM (SELECT value ->> '$.queue' AS queue, value ->> '$.tenant_id' AS tenant_id, value ->> '$.jobs' AS jobs,
                 value ->> '$.vtime' AS vtime, value ->> '$.ready_hint' AS ready_hint
          FROM json_each(:charges)) AS given
    WHERE tenant_queue.queue = given.queue AND tenant_queue.tenant_id = given.tenant_id)sql"
};

}  // namespace

void sweep(sql::Tx& tx, const std::vector<std::string>& types) {
    tx.defer(sweep_statement, sql::named("types", types));
}

Task<std::vector<Contender>> lock_contenders(
    sql::Tx& tx, std::vector<QueueName> queues, std::int64_t most
) {
    return tx.all<Contender>(
        lock_statement, sql::named("queues", queues), sql::named("most", most)
    );
}

Task<bool> anyone_contends(sql::Tx& tx, std::vector<QueueName> queues) {
    static constexpr sql::Statement statement{
        "jobs.anyone_contends",
        R"sql(
        SELECT tq.tenant_id FROM tenant_queue tq
        WHERE tq.ready_hint AND tq.queue IN (SELECT jsonb_array_elements_text(:queues))
          AND NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = tq.queue AND job_queue.paused) LIMIT 1)sql",
        R"sql(
        SELECT tq.tenant_id FROM tenant_queue AS tq
        WHERE tq.ready_hint AND tq.queue IN (SELECT value FROM json_each(:queues))
          AND NOT EXISTS (SELECT 1 FROM job_queue WHERE job_queue.name = tq.queue AND job_queue.paused) LIMIT 1)sql"
    };
    auto one = co_await tx.find<std::int64_t>(statement, sql::named("queues", queues));
    co_return one.has_value();
}

void charge(sql::Tx& tx, const std::vector<Charge>& charges) {
    if (charges.empty()) return;
    tx.unlock_early();
    tx.defer(charge_statement, sql::named("charges", charges));
}

}  // namespace afterresume::jobs
