#include "engine/jobs/outcomes.h"

namespace afterresume::jobs {

namespace {

// The rows of tenant_queue are what everybody wants: they are locked last, after the job rows and
// the events have been written, which `told` is counted for.
constexpr sql::Statement end_on_postgres{"jobs.end", R"sql(
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(:endings)
            AS given(id uuid, lease_seq bigint, status text, if_cancelled boolean, level text, message text, result jsonb,
                     error jsonb)
    ), gone AS (
        DELETE FROM job_hot hot USING given
        WHERE hot.id = given.id AND hot.lease_seq = given.lease_seq AND (hot.cancel_requested OR NOT given.if_cancelled)
        RETURNING hot.id, hot.lease_seq, hot.attempts, hot.started_at, hot.state,
                  CASE WHEN hot.cancel_requested THEN 'cancelled' ELSE given.status END AS status,
                  CASE WHEN hot.cancel_requested THEN 'warning' ELSE given.level END AS level,
                  CASE WHEN hot.cancel_requested THEN 'Cancelled' ELSE given.message END AS message,
                  CASE WHEN NOT hot.cancel_requested THEN given.result END AS result,
                  CASE WHEN NOT hot.cancel_requested THEN given.error END AS error
    ), ended AS (
        UPDATE job
        SET status = gone.status, result = gone.result, error = gone.error, lease_seq = gone.lease_seq,
            attempts = gone.attempts, started_at = gone.started_at, finished_at = :now,
            cost = (SELECT coalesce(sum(step.cost), 0) FROM job_step step WHERE step.job_id = gone.id)
        FROM gone WHERE job.id = gone.id
        RETURNING job.id, job.tenant_id, job.queue, job.status, gone.state, gone.level, gone.message
    ), told AS (
        INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
        SELECT ended.id, coalesce((SELECT max(event.seq) FROM job_event event WHERE event.job_id = ended.id), 1) + 1,
               ended.tenant_id, :now, ended.level, 'system', ended.message,
               jsonb_build_object('event', 'finished', 'status', ended.status)
        FROM ended
        RETURNING job_id
    ), freed AS MATERIALIZED (
        SELECT queue, tenant_id, count(*) AS jobs FROM ended
        WHERE state = 'running' AND (SELECT count(*) FROM told) > 0 GROUP BY queue, tenant_id
    ), held AS MATERIALIZED (
        SELECT tq.queue, tq.tenant_id, freed.jobs
        FROM freed JOIN tenant_queue tq ON tq.queue = freed.queue AND tq.tenant_id = freed.tenant_id
        ORDER BY tq.queue, tq.tenant_id FOR NO KEY UPDATE OF tq
    )
    UPDATE tenant_queue tq SET running = tq.running - held.jobs
    FROM held WHERE tq.queue = held.queue AND tq.tenant_id = held.tenant_id)sql"};

constexpr sql::Statement free_ended_on_sqlite{"jobs.free_ended", R"sql(
    UPDATE tenant_queue SET running = running - freed.jobs
    FROM (
        SELECT hot.queue, hot.tenant_id, count(*) AS jobs
        FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
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
               CASE WHEN NOT hot.cancel_requested THEN given.value ->> '$.result' END AS result,
               CASE WHEN NOT hot.cancel_requested THEN given.value ->> '$.error' END AS error
        FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
        WHERE hot.cancel_requested OR NOT given.value ->> '$.if_cancelled'
    ) AS gone
    WHERE job.id = gone.id)sql"};

constexpr sql::Statement tell_end_on_sqlite{"jobs.tell_end", R"sql(
    INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
    SELECT hot.id, coalesce((SELECT max(event.seq) FROM job_event AS event WHERE event.job_id = hot.id), 1) + 1,
           hot.tenant_id, :now,
           CASE WHEN hot.cancel_requested THEN 'warning' ELSE given.value ->> '$.level' END, 'system',
           CASE WHEN hot.cancel_requested THEN 'Cancelled' ELSE given.value ->> '$.message' END,
           json_object('event', 'finished', 'status',
                       CASE WHEN hot.cancel_requested THEN 'cancelled' ELSE given.value ->> '$.status' END)
    FROM json_each(:endings) AS given
    JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
    WHERE hot.cancel_requested OR NOT given.value ->> '$.if_cancelled')sql"};

constexpr sql::Statement remove_on_sqlite{"jobs.remove_hot", R"sql(
    DELETE FROM job_hot WHERE id IN (
        SELECT hot.id FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
        WHERE hot.cancel_requested OR NOT given.value ->> '$.if_cancelled'))sql"};

std::string_view level_of(Status status) {
    if (status == Status::success) return "info";
    return status == Status::cancelled ? "warning" : "error";
}

std::string message_of(const Ending& ending) {
    if (ending.status == Status::success) return "Finished";
    if (ending.status == Status::cancelled) return "Cancelled";
    return ending.error ? "Failed: " + ending.error->message : "Failed";
}

void write_ending(std::string& out, const Ending& ending, bool if_cancelled) {
    out += out.empty() ? "[" : ",";
    out += fmt::format(
        R"({{"id":"{}","lease_seq":{},"if_cancelled":{},"status":"{}","level":"{}","message":)",
        ending.fence.id.text(), ending.fence.lease_seq, if_cancelled,
        describe::name_of(ending.status), level_of(ending.status)
    );
    describe::write(out, message_of(ending));
    out += ",\"result\":";
    out += ending.result.value_or("null");
    out += ",\"error\":";
    describe::write(out, ending.error);
    out += '}';
}

}  // namespace

void write_endings(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now
) {
    tx.unlock_early();
    std::string text;
    for (const auto& ending : endings) write_ending(text, ending, false);
    for (const auto& back : returns)
        write_ending(text, Ending{back.fence, Status::cancelled}, true);
    text += ']';
    auto list = sql::named("endings", sql::JsonText{std::move(text)});
    if (tx.dialect() == sql::Dialect::postgres) {
        tx.defer(end_on_postgres, list, sql::named("now", now));
        return;
    }
    tx.defer(free_ended_on_sqlite, list);
    tx.defer(end_on_sqlite, list, sql::named("now", now));
    tx.defer(tell_end_on_sqlite, list, sql::named("now", now));
    tx.defer(remove_on_sqlite, list);
}

}  // namespace afterresume::jobs
