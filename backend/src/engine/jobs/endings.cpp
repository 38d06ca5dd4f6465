#include "engine/jobs/outcomes.h"

#include "infra/sql/array_text.h"

namespace afterresume::jobs {

namespace {

// The rows of tenant_queue are what everybody wants: they are locked last, when all jobs have been
// written, in the order of tenant_queue.h, and each is looked up by itself: a join may walk over
// all that was ever dead of them. So is each job; see return_on_postgres. Gives what is settled
// later.
constexpr sql::Statement end_on_postgres{"jobs.end", R"sql(
    WITH given AS (
        SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:lease_seqs AS bigint[]), CAST(:workers AS uuid[]),
                             CAST(:statuses AS text[]), CAST(:if_cancelled AS boolean[]), CAST(:has_steps AS boolean[]), CAST(:results AS jsonb[]),
                             CAST(:errors AS jsonb[]))
            AS given(id, lease_seq, worker, status, if_cancelled, has_steps, result, error)
    ), gone AS (
        DELETE FROM job_hot hot USING given
        WHERE hot.id = ANY (ARRAY[given.id]) AND hot.lease_seq = given.lease_seq AND hot.worker_id IS NOT DISTINCT FROM given.worker
          AND (hot.cancel_requested OR NOT given.if_cancelled)
        RETURNING hot.id, hot.lease_seq, hot.attempts, hot.started_at, hot.state, given.has_steps,
                  CASE WHEN hot.cancel_requested THEN 'cancelled' ELSE given.status END AS status,
                  CASE WHEN NOT hot.cancel_requested THEN given.result END AS result,
                  CASE WHEN NOT hot.cancel_requested THEN given.error END AS error
    ), ended AS (
        UPDATE job
        SET status = gone.status, result = gone.result, error = gone.error, lease_seq = gone.lease_seq,
            attempts = gone.attempts, started_at = gone.started_at, finished_at = :now,
            cost = CASE WHEN gone.has_steps
                        THEN (SELECT coalesce(sum(step.cost), 0) FROM job_step step WHERE step.job_id = gone.id) ELSE 0 END
        FROM gone WHERE job.id = gone.id
        RETURNING job.tenant_id, job.queue, gone.state
    ), freed AS MATERIALIZED (
        SELECT counted.queue, counted.tenant_id, counted.jobs, share.max_running IS NOT NULL AS limited
        FROM (
            SELECT queue, tenant_id, count(*) AS jobs FROM ended WHERE state = 'running' GROUP BY queue, tenant_id) counted
        LEFT JOIN tenant_share share ON share.queue = counted.queue AND share.tenant_id = counted.tenant_id
        ORDER BY share.max_running IS NULL, counted.queue, counted.tenant_id
    ), held AS MATERIALIZED (
        SELECT freed.queue, freed.tenant_id, freed.jobs
        FROM freed
        CROSS JOIN LATERAL (
            SELECT tq.version FROM tenant_queue tq WHERE tq.queue = freed.queue AND tq.tenant_id = freed.tenant_id
            ORDER BY tq.version DESC LIMIT 1) newest
        CROSS JOIN LATERAL (
            SELECT FROM tenant_queue tq
            WHERE tq.queue = freed.queue AND tq.tenant_id = freed.tenant_id AND tq.version >= newest.version
            FOR NO KEY UPDATE) locked
        WHERE freed.limited OR NOT :later
    ), settled AS (
        UPDATE tenant_queue tq SET running = tq.running - held.jobs, version = tq.version + 1
        FROM held
        WHERE tq.queue = ANY (ARRAY[held.queue]) AND tq.tenant_id = held.tenant_id
          AND tq.version >= (SELECT newest.version FROM tenant_queue newest
                             WHERE newest.queue = held.queue AND newest.tenant_id = held.tenant_id
                             ORDER BY newest.version DESC LIMIT 1)
    )
    SELECT queue, tenant_id, jobs FROM freed WHERE :later AND NOT limited)sql"};

constexpr sql::Statement free_ended_on_sqlite{"jobs.free_ended", R"sql(
    UPDATE tenant_queue SET running = running - freed.jobs
    FROM (
        SELECT hot.queue, hot.tenant_id, count(*) AS jobs
        FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
                            AND hot.worker_id IS given.value ->> '$.worker'
        WHERE hot.state = 'running' AND (hot.cancel_requested OR NOT given.value ->> '$.if_cancelled')
        GROUP BY hot.queue, hot.tenant_id
    ) AS freed
    WHERE tenant_queue.queue = freed.queue AND tenant_queue.tenant_id = freed.tenant_id)sql"};

constexpr sql::Statement end_on_sqlite{"jobs.end", R"sql(
    UPDATE job
    SET status = gone.status, result = gone.result, error = gone.error, lease_seq = gone.lease_seq,
        attempts = gone.attempts, started_at = gone.started_at, finished_at = :now,
        cost = (SELECT coalesce(sum(step.cost), 0) FROM job_step AS step WHERE step.job_id = gone.id)
    FROM (
        SELECT hot.id, hot.lease_seq, hot.attempts, hot.started_at,
               CASE WHEN hot.cancel_requested THEN 'cancelled' ELSE given.value ->> '$.status' END AS status,
               CASE WHEN NOT hot.cancel_requested THEN nullif(given.value -> '$.result', 'null') END AS result,
               CASE WHEN NOT hot.cancel_requested THEN given.value ->> '$.error' END AS error
        FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
                            AND hot.worker_id IS given.value ->> '$.worker'
        WHERE hot.cancel_requested OR NOT given.value ->> '$.if_cancelled'
    ) AS gone
    WHERE job.id = gone.id)sql"};

constexpr sql::Statement remove_on_sqlite{"jobs.remove_hot", R"sql(
    DELETE FROM job_hot WHERE id IN (
        SELECT hot.id FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
                            AND hot.worker_id IS given.value ->> '$.worker'
        WHERE hot.cancel_requested OR NOT given.value ->> '$.if_cancelled'))sql"};

struct Given {
    Fence fence;
    Status status = Status::success;
    // Ends only if it was asked to stop.
    bool if_cancelled = false;
    bool has_steps = true;
    const Ending* ending = nullptr;
};

std::vector<Given> given_by(
    const std::vector<Ending>& endings, const std::vector<Return>& returns
) {
    std::vector<Given> all;
    for (const auto& ending : endings)
        all.push_back({ending.fence, ending.status, false, ending.has_steps, &ending});
    for (const auto& back : returns) all.push_back({back.fence, Status::cancelled, true});
    return all;
}

sql::Arguments as_arrays(const std::vector<Given>& all) {
    sql::ArrayText ids, lease_seqs, workers, statuses, if_cancelled, has_steps, results, errors;
    for (const auto& one : all) {
        ids.add_plain(one.fence.id.text());
        lease_seqs.add_plain(std::to_string(one.fence.lease_seq));
        workers.add_plain(one.fence.worker ? one.fence.worker->text() : "NULL");
        statuses.add_plain(describe::name_of(one.status));
        if_cancelled.add_plain(one.if_cancelled ? "t" : "f");
        has_steps.add_plain(one.has_steps ? "t" : "f");
        if (one.ending != nullptr && one.ending->result) {
            results.add_quoted(*one.ending->result);
        } else {
            results.add_null();
        }
        if (one.ending != nullptr && one.ending->error) {
            errors.add_quoted(describe::to_json(*one.ending->error));
        } else {
            errors.add_null();
        }
    }
    return sql::arguments(
        sql::named("ids", ids.text()), sql::named("lease_seqs", lease_seqs.text()),
        sql::named("workers", workers.text()), sql::named("statuses", statuses.text()),
        sql::named("if_cancelled", if_cancelled.text()), sql::named("has_steps", has_steps.text()),
        sql::named("results", results.text()), sql::named("errors", errors.text())
    );
}

sql::JsonText as_json(const std::vector<Given>& all) {
    std::string out;
    for (const auto& one : all) {
        out += out.empty() ? '[' : ',';
        out += fmt::format(
            R"({{"id":"{}","lease_seq":{},"if_cancelled":{},"status":"{}","worker":)",
            one.fence.id.text(), one.fence.lease_seq, one.if_cancelled,
            describe::name_of(one.status)
        );
        describe::write(out, one.fence.worker);
        out += ",\"result\":";
        out += one.ending == nullptr ? "null" : one.ending->result.value_or("null");
        out += ",\"error\":";
        describe::write(out, one.ending == nullptr ? std::nullopt : one.ending->error);
        out += '}';
    }
    return {out + "]"};
}

}  // namespace

void write_endings(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now
) {
    tx.unlock_early();
    auto all = given_by(endings, returns);
    if (tx.dialect() == sql::Dialect::postgres) {
        tx.defer(
            end_on_postgres, as_arrays(all), sql::named("now", now), sql::named("later", false)
        );
        return;
    }
    auto list = sql::named("endings", as_json(all));
    tx.defer(free_ended_on_sqlite, list);
    tx.defer(end_on_sqlite, list, sql::named("now", now));
    tx.defer(remove_on_sqlite, list);
}

Task<std::vector<Freed>> write_endings_unsettled(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now
) {
    tx.unlock_early();
    return tx.all<Freed>(
        end_on_postgres, as_arrays(given_by(endings, returns)), sql::named("now", now),
        sql::named("later", true)
    );
}

}  // namespace afterresume::jobs
