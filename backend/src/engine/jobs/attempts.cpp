#include "engine/jobs/attempts.h"

#include "engine/jobs/release.h"
#include "engine/jobs/timeline.h"

namespace afterresume::jobs {

namespace {

constexpr sql::Statement complete_on_postgres{"jobs.complete", R"sql(
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(:endings)
            AS given(id uuid, lease_seq bigint, status text, level text, message text, result jsonb, error jsonb)
    ), gone AS (
        DELETE FROM job_hot hot USING given
        WHERE hot.id = given.id AND hot.lease_seq = given.lease_seq
        RETURNING hot.id, hot.tenant_id, hot.lease_seq, hot.attempts, hot.started_at,
                  given.status, given.level, given.message, given.result, given.error
    ), ended AS (
        UPDATE job
        SET status = gone.status, result = gone.result, error = gone.error, lease_seq = gone.lease_seq,
            attempts = gone.attempts, started_at = gone.started_at, finished_at = :now,
            cost = (SELECT coalesce(sum(step.cost), 0) FROM job_step step WHERE step.job_id = gone.id)
        FROM gone WHERE job.id = gone.id
    )
    INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
    SELECT gone.id, coalesce((SELECT max(event.seq) FROM job_event event WHERE event.job_id = gone.id), 1) + 1,
           gone.tenant_id, :now, gone.level, 'system', gone.message,
           jsonb_build_object('event', 'finished', 'status', gone.status)
    FROM gone)sql"};

constexpr sql::Statement end_on_sqlite{"jobs.end", R"sql(
    UPDATE job
    SET status = gone.status, result = gone.result, error = gone.error, lease_seq = gone.lease_seq,
        attempts = gone.attempts, started_at = gone.started_at, finished_at = :now,
        cost = (SELECT coalesce(sum(step.cost), 0) FROM job_step AS step WHERE step.job_id = gone.id)
    FROM (
        SELECT hot.id, hot.lease_seq, hot.attempts, hot.started_at, given.value ->> '$.status' AS status,
               given.value ->> '$.result' AS result, given.value ->> '$.error' AS error
        FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'
    ) AS gone
    WHERE job.id = gone.id)sql"};

constexpr sql::Statement tell_on_sqlite{
    "jobs.tell_end", R"sql(
    INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data)
    SELECT hot.id, coalesce((SELECT max(event.seq) FROM job_event AS event WHERE event.job_id = hot.id), 1) + 1,
           hot.tenant_id, :now, given.value ->> '$.level', 'system', given.value ->> '$.message',
           json_object('event', 'finished', 'status', given.value ->> '$.status')
    FROM json_each(:endings) AS given
    JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq')sql"
};

constexpr sql::Statement remove_on_sqlite{
    "jobs.remove_hot", R"sql(
    DELETE FROM job_hot WHERE id IN (
        SELECT hot.id FROM json_each(:endings) AS given
        JOIN job_hot AS hot ON hot.id = given.value ->> '$.id' AND hot.lease_seq = given.value ->> '$.lease_seq'))sql"
};

constexpr sql::Statement back_to_queue{"jobs.back_to_queue", R"sql(
    UPDATE job_hot
    SET state = :state, run_at = :run_at, worker_id = NULL, lease_seq = lease_seq + 1, attempts = :attempts,
        event_seq = (SELECT max(seq) FROM job_event WHERE job_id = :id)
    WHERE id = :id AND lease_seq = :lease_seq)sql"};

std::string_view level_of(Status status) {
    if (status == Status::success) return "info";
    return status == Status::cancelled ? "warning" : "error";
}

std::string message_of(const Ending& ending) {
    if (ending.status == Status::success) return "Finished";
    if (ending.status == Status::cancelled) return "Cancelled";
    return ending.error ? "Failed: " + ending.error->message : "Failed";
}

void write_ending(std::string& out, const Ending& ending) {
    out += out.empty() ? "[" : ",";
    out += fmt::format(
        R"({{"id":"{}","lease_seq":{},"status":"{}","level":"{}","message":)",
        ending.fence.id.text(), ending.fence.lease_seq, describe::name_of(ending.status),
        level_of(ending.status)
    );
    describe::write(out, message_of(ending));
    out += ",\"result\":";
    out += ending.result.value_or("null");
    out += ",\"error\":";
    describe::write(out, ending.error);
    out += '}';
}

}  // namespace

Task<std::optional<Held>> hold(sql::Tx& tx, Fence fence) {
    static constexpr sql::Statement statement{"jobs.hold", R"sql(
        SELECT tenant_id, attempts, cancel_requested FROM job_hot
        WHERE id = :id AND lease_seq = :lease_seq FOR NO KEY UPDATE)sql"};
    return tx.find<Held>(statement, fence);
}

void complete(sql::Tx& tx, const std::vector<Ending>& endings, Timestamp now) {
    if (endings.empty()) return;
    std::string text;
    std::vector<JobId> ended;
    for (const auto& ending : endings) {
        write_ending(text, ending);
        ended.push_back(ending.fence.id);
    }
    text += ']';
    auto list = sql::named("endings", sql::JsonText{std::move(text)});
    if (tx.dialect() == sql::Dialect::postgres) {
        tx.defer(complete_on_postgres, list, sql::named("now", now));
    } else {
        tx.defer(end_on_sqlite, list, sql::named("now", now));
        tx.defer(tell_on_sqlite, list, sql::named("now", now));
        tx.defer(remove_on_sqlite, list);
    }
    tell_children(tx, ended, now);
}

void put_back(
    sql::Tx& tx, const Fence& fence, const Held& held, const NewEvent& event, State state,
    Timestamp run_at, std::int64_t attempts
) {
    append_event(tx, held.tenant_id, fence.id, event);
    tx.defer(
        back_to_queue, fence, sql::named("state", state), sql::named("run_at", run_at),
        sql::named("attempts", attempts)
    );
}

Task<void> postpone(sql::Tx& tx, Fence fence, Failure failure, Timestamp run_at, Timestamp now) {
    auto held = co_await hold(tx, fence);
    if (!held) co_return;
    if (held->cancel_requested) co_return complete(tx, {Ending{fence, Status::cancelled}}, now);
    auto wait = (run_at - now).count();
    JsonObject data{
        {"event", "retry"}, {"attempt", held->attempts}, {"code", failure.code}, {"wait_ms", wait}
    };
    NewEvent event{
        now, Level::warning, Source::worker, "Will be tried again: " + failure.message,
        std::move(data)
    };
    put_back(tx, fence, *held, event, State::scheduled, run_at, held->attempts);
}

Task<void> hand_back(sql::Tx& tx, Fence fence, Timestamp now) {
    auto held = co_await hold(tx, fence);
    if (!held) co_return;
    if (held->cancel_requested) co_return complete(tx, {Ending{fence, Status::cancelled}}, now);
    NewEvent event{
        now,
        Level::info,
        Source::worker,
        "Handed back by a worker that ends",
        {{"event", "handed_back"}}
    };
    put_back(tx, fence, *held, event, State::ready, now, held->attempts - 1);
}

}  // namespace afterresume::jobs
