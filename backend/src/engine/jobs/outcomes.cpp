#include "engine/jobs/outcomes.h"

#include "engine/jobs/release.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

// Only running jobs have a worker. Asked for by their state, they would be walked over by the index
// of those that run, with all that ever ran and is not cleaned up yet. Each is looked up by an
// array of its id: an equation could be a merge join, for which an index may be walked from one end
// to the other, and where few jobs live among many dead ones that is what PostgreSQL takes for
// cheap. The tenants' rows are locked by then; where a limit was set a moment ago one is not, and
// is followed to its newest version. Gives what is settled later.
constexpr sql::Statement return_on_postgres{"jobs.return", R"sql(
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(:returns)
            AS given(id uuid, lease_seq bigint, worker uuid, state text, run_at bigint, unused integer, rescued integer, level text,
                     source text, message text, data jsonb)
    ), back AS (
        UPDATE job_hot hot
        SET state = given.state,
            run_at = coalesce(timestamptz '1970-01-01 00:00:00+00' + given.run_at * interval '1 millisecond', hot.run_at),
            worker_id = NULL, lease_seq = hot.lease_seq + 1,
            attempts = hot.attempts - given.unused, rescues = hot.rescues + given.rescued, event_seq = greatest(last.seq, hot.event_seq) + 1
        FROM given
        CROSS JOIN LATERAL (SELECT max(seq) AS seq FROM job_event WHERE job_id = given.id) last
        WHERE hot.id = ANY (ARRAY[given.id]) AND hot.lease_seq = given.lease_seq AND hot.worker_id = given.worker
          AND NOT hot.cancel_requested
        RETURNING hot.id, hot.tenant_id, hot.queue, hot.event_seq, given.level, given.source, given.message, given.data
    ), told AS (
        INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
        SELECT id, event_seq, tenant_id, :now, level, source, message, data FROM back
    ), freed AS MATERIALIZED (
        SELECT counted.queue, counted.tenant_id, counted.jobs, share.max_running IS NOT NULL AS limited
        FROM (SELECT queue, tenant_id, count(*) AS jobs FROM back GROUP BY queue, tenant_id) counted
        LEFT JOIN tenant_share share ON share.queue = counted.queue AND share.tenant_id = counted.tenant_id
    ), settled AS (
        UPDATE tenant_queue tq SET running = tq.running - freed.jobs, version = tq.version + 1
        FROM freed
        WHERE (freed.limited OR NOT :later)
          AND tq.queue = ANY (ARRAY[freed.queue]) AND tq.tenant_id = freed.tenant_id
          AND tq.version >= (SELECT newest.version FROM tenant_queue newest
                             WHERE newest.queue = freed.queue AND newest.tenant_id = freed.tenant_id
                             ORDER BY newest.version DESC LIMIT 1)
    )
    SELECT queue, tenant_id, jobs FROM freed WHERE :later AND NOT limited)sql"};

// The fences of returns that were cancelled are stale by now.
constexpr sql::Statement free_returned_on_sqlite{"jobs.free_returned", R"sql(
    UPDATE tenant_queue SET running = running - freed.jobs
    FROM (
        SELECT hot.queue, hot.tenant_id, count(*) AS jobs
        FROM json_each(:returns) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
        WHERE hot.state = 'running' AND hot.worker_id = given.value ->> '$.worker'
        GROUP BY hot.queue, hot.tenant_id
    ) AS freed
    WHERE tenant_queue.queue = freed.queue AND tenant_queue.tenant_id = freed.tenant_id)sql"};

constexpr sql::Statement tell_return_on_sqlite{"jobs.tell_return", R"sql(
    INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
    SELECT hot.id, max(coalesce((SELECT max(event.seq) FROM job_event AS event WHERE event.job_id = hot.id), 1), hot.event_seq) + 1,
           hot.tenant_id, :now, given.value ->> '$.level', given.value ->> '$.source', given.value ->> '$.message',
           given.value -> '$.data'
    FROM json_each(:returns) AS given
    JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
    WHERE hot.state = 'running' AND hot.worker_id = given.value ->> '$.worker')sql"};

constexpr sql::Statement return_on_sqlite{"jobs.return", R"sql(
    UPDATE job_hot
    SET state = given.state, run_at = coalesce(given.run_at, job_hot.run_at), worker_id = NULL, lease_seq = job_hot.lease_seq + 1,
        attempts = attempts - given.unused, rescues = rescues + given.rescued,
        event_seq = (SELECT max(seq) FROM job_event WHERE job_id = job_hot.id)
    FROM (SELECT value ->> '$.id' AS id, value ->> '$.lease_seq' AS lease_seq, value ->> '$.worker' AS worker,
                 value ->> '$.state' AS state, value ->> '$.run_at' AS run_at,
                 value ->> '$.unused' AS unused, value ->> '$.rescued' AS rescued
          FROM json_each(:returns)) AS given
    WHERE job_hot.id = given.id AND job_hot.lease_seq = given.lease_seq AND job_hot.worker_id = given.worker
      AND job_hot.state = 'running')sql"};
// Where some go back: first all jobs, then the tenants that are settled with them, so that what
// follows sees whether they are to be cancelled, waits for nothing and can meet nobody in another
// order. Each job is looked up by itself: sorted behind the join, all that is queued would be
// walked over in the order of ids.
constexpr sql::Statement lock_jobs{"jobs.lock_given", R"sql(
    SELECT locked.id
    FROM (SELECT id, lease_seq FROM jsonb_to_recordset(:fences) AS fence(id uuid, lease_seq bigint) ORDER BY id) given
    CROSS JOIN LATERAL (
        SELECT hot.id FROM job_hot hot WHERE hot.id = given.id AND hot.lease_seq = given.lease_seq FOR UPDATE
    ) locked)sql"};
constexpr sql::Statement lock_tenants{"jobs.lock_tenants_of", R"sql(
    WITH concerned AS MATERIALIZED (
        SELECT held.queue, held.tenant_id, share.max_running IS NOT NULL AS limited
        FROM (
            SELECT DISTINCT hot.queue, hot.tenant_id
            FROM jsonb_to_recordset(:fences) AS given(id uuid, lease_seq bigint)
            JOIN job_hot hot ON hot.id = ANY (ARRAY[given.id]) AND hot.lease_seq = given.lease_seq) held
        LEFT JOIN tenant_share share ON share.queue = held.queue AND share.tenant_id = held.tenant_id
        ORDER BY share.max_running IS NULL, held.queue, held.tenant_id
    )
    SELECT concerned.queue
    FROM concerned
    CROSS JOIN LATERAL (
        SELECT tq.version FROM tenant_queue tq
        WHERE tq.queue = concerned.queue AND tq.tenant_id = concerned.tenant_id
        ORDER BY tq.version DESC LIMIT 1) newest
    CROSS JOIN LATERAL (
        SELECT FROM tenant_queue tq
        WHERE tq.queue = concerned.queue AND tq.tenant_id = concerned.tenant_id AND tq.version >= newest.version
        FOR NO KEY UPDATE) locked
    WHERE concerned.limited OR NOT :later)sql"};

struct ReturnRow {
    JobId id;
    std::int64_t lease_seq = 0;
    std::optional<Uuid> worker;
    State state = State::ready;
    // Unix milliseconds.
    std::optional<std::int64_t> run_at;
    std::int64_t unused = 0;
    std::int64_t rescued = 0;
    Level level = Level::info;
    Source source = Source::worker;
    std::string message;
    JsonObject data;
};
BOOST_DESCRIBE_STRUCT(
    ReturnRow, (),
    (id, lease_seq, worker, state, run_at, unused, rescued, level, source, message, data)
)

ReturnRow row_of(const Return& back) {
    ReturnRow row;
    row.id = back.fence.id;
    row.lease_seq = back.fence.lease_seq;
    row.worker = back.fence.worker;
    row.state = back.state;
    if (back.run_at) row.run_at = back.run_at->time_since_epoch().count();
    row.unused = back.counted == Counted::attempt ? 0 : 1;
    row.rescued = back.counted == Counted::rescue ? 1 : 0;
    row.level = back.event.level;
    row.source = back.event.source;
    row.message = back.event.message;
    row.data = back.event.data;
    return row;
}

void lock_given(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns, bool later
) {
    std::vector<Fence> fences;
    for (const auto& ending : endings) fences.push_back(ending.fence);
    for (const auto& back : returns) fences.push_back(back.fence);
    tx.defer(lock_jobs, sql::named("fences", fences));
    tx.defer(lock_tenants, sql::named("fences", fences), sql::named("later", later));
}

std::vector<JobId> jobs_of(const std::vector<Ending>& endings, const std::vector<Return>& returns) {
    std::vector<JobId> jobs;
    for (const auto& ending : endings) jobs.push_back(ending.fence.id);
    for (const auto& back : returns) jobs.push_back(back.fence.id);
    return jobs;
}

std::vector<ReturnRow> rows_of(const std::vector<Return>& returns) {
    std::vector<ReturnRow> rows;
    for (const auto& back : returns) rows.push_back(row_of(back));
    return rows;
}

void write_returns(sql::Tx& tx, const std::vector<Return>& returns, Timestamp now) {
    auto list = sql::named("returns", rows_of(returns));
    if (tx.dialect() == sql::Dialect::postgres) {
        tx.defer(return_on_postgres, list, sql::named("now", now), sql::named("later", false));
        return;
    }
    tx.defer(free_returned_on_sqlite, list);
    tx.defer(tell_return_on_sqlite, list, sql::named("now", now));
    tx.defer(return_on_sqlite, list);
}

}  // namespace

void write_outcomes(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now, std::int64_t children
) {
    if (endings.empty() && returns.empty()) return;
    if (!returns.empty() && tx.dialect() == sql::Dialect::postgres)
        lock_given(tx, endings, returns, false);
    write_endings(tx, endings, returns, now);
    if (!returns.empty()) write_returns(tx, returns, now);
    note_children(tx, jobs_of(endings, returns));
    if (children > 0) release(tx, children, now);
}

Task<std::vector<Freed>> write_outcomes_unsettled(
    sql::Tx& tx, const std::vector<Ending>& endings, const std::vector<Return>& returns,
    Timestamp now
) {
    if (tx.dialect() == sql::Dialect::sqlite) {
        write_outcomes(tx, endings, returns, now, 0);
        co_return std::vector<Freed>{};
    }
    if (endings.empty() && returns.empty()) co_return std::vector<Freed>{};
    if (!returns.empty()) lock_given(tx, endings, returns, true);
    auto freed = co_await write_endings_unsettled(tx, endings, returns, now);
    if (!returns.empty()) {
        auto more = co_await tx.all<Freed>(
            return_on_postgres, sql::named("returns", rows_of(returns)), sql::named("now", now),
            sql::named("later", true)
        );
        std::ranges::move(more, std::back_inserter(freed));
    }
    note_children(tx, jobs_of(endings, returns));
    co_return freed;
}

Return postponed(const Claimed& job, const Failure& failure, Timestamp run_at, Timestamp now) {
    JsonObject data{
        {"event", "retry"},
        {"attempt", job.attempts},
        {"code", failure.code},
        {"wait_ms", (run_at - now).count()}
    };
    NewEvent event{
        now, Level::warning, Source::worker, "Will be tried again: " + failure.message,
        std::move(data)
    };
    return {job.fence(), Counted::attempt, State::scheduled, run_at, std::move(event)};
}

Return handed_back(const Fence& fence, Timestamp now) {
    NewEvent event{
        now,
        Level::info,
        Source::worker,
        "Handed back by a worker that ends",
        {{"event", "handed_back"}}
    };
    return {fence, Counted::nothing, State::ready, std::nullopt, std::move(event)};
}

}  // namespace afterresume::jobs
