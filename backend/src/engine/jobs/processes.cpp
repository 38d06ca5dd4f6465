#include "engine/jobs/processes.h"

#include "core/program.h"

namespace afterresume::jobs {

namespace {

std::int64_t seconds_of(std::chrono::milliseconds lease) {
    return std::max<std::int64_t>(lease.count() / 1000, 1);
}

}  // namespace

void register_worker(
    sql::Tx& tx, const Uuid& worker, std::chrono::milliseconds lease, JsonObject info, Timestamp now
) {
    static constexpr sql::Statement statement{
        "jobs.register_worker",
        R"sql(
        INSERT INTO worker (id, started_at, lease_until, draining, version, info)
        VALUES (:id, :now, clock_timestamp() + make_interval(secs => :seconds), FALSE, :version, :info))sql",
        R"sql(
        INSERT INTO worker (id, started_at, lease_until, draining, version, info)
        VALUES (:id, :now, :now + :seconds * 1000, FALSE, :version, :info))sql"
    };
    tx.defer(
        statement, sql::named("id", worker), sql::named("now", now),
        sql::named("seconds", seconds_of(lease)), sql::named("version", program_version),
        sql::named("info", info)
    );
}

void mark_draining(sql::Tx& tx, const Uuid& worker) {
    static constexpr sql::Statement statement{
        "jobs.mark_draining", "UPDATE worker SET draining = TRUE WHERE id = :id"
    };
    tx.defer(statement, sql::named("id", worker));
}

void sign_off(sql::Tx& tx, const Uuid& worker, Timestamp now) {
    static constexpr sql::Statement statement{
        "jobs.sign_off", "UPDATE worker SET died_at = :now WHERE id = :id AND died_at IS NULL"
    };
    tx.defer(statement, sql::named("id", worker), sql::named("now", now));
}

Task<std::optional<std::vector<Running>>> beat(
    sql::Tx& tx, Uuid worker, std::chrono::milliseconds lease,
    std::optional<std::vector<JobId>> held, Timestamp now
) {
    static constexpr sql::Statement prolong{
        "jobs.beat",
        R"sql(
        UPDATE worker SET lease_until = clock_timestamp() + make_interval(secs => :seconds)
        WHERE id = :id AND died_at IS NULL)sql",
        R"sql(
        UPDATE worker SET lease_until = :now + :seconds * 1000 WHERE id = :id AND died_at IS NULL)sql"
    };
    static constexpr sql::Statement list{
        "jobs.list_running", R"sql(
        SELECT id, lease_seq, cancel_requested FROM job_hot WHERE state = 'running' AND worker_id = :id)sql"
    };
    static constexpr sql::Statement list_held{
        "jobs.list_held",
        R"sql(
        SELECT hot.id, hot.lease_seq, hot.cancel_requested
        FROM jsonb_array_elements_text(:held) AS held(id)
        CROSS JOIN LATERAL (
            SELECT * FROM job_hot hot
            WHERE hot.id = CAST(held.id AS uuid) AND hot.worker_id = :id LIMIT 1) hot)sql",
        R"sql(
        SELECT hot.id, hot.lease_seq, hot.cancel_requested
        FROM json_each(:held) AS held JOIN job_hot AS hot ON hot.id = held.value
        WHERE hot.state = 'running' AND hot.worker_id = :id)sql"
    };
    auto alive = co_await tx.execute(
        prolong, sql::named("id", worker), sql::named("seconds", seconds_of(lease)),
        sql::named("now", now)
    );
    if (alive == 0) co_return std::nullopt;
    auto running = held ? co_await tx.all<Running>(
                              list_held, sql::named("id", worker), sql::named("held", *held)
                          )
                        : co_await tx.all<Running>(list, sql::named("id", worker));
    co_return running;
}

void bury_all_but(sql::Tx& tx, const Uuid& worker, Timestamp now) {
    static constexpr sql::Statement statement{
        "jobs.bury_all_but", "UPDATE worker SET died_at = :now WHERE id <> :id AND died_at IS NULL"
    };
    tx.defer(statement, sql::named("id", worker), sql::named("now", now));
}

void forget_dead(sql::Tx& tx, Timestamp before) {
    static constexpr sql::Statement statement{
        "jobs.forget_dead", R"sql(
        DELETE FROM worker
        WHERE died_at < :before
          AND NOT EXISTS (SELECT 1 FROM job_hot hot WHERE hot.state = 'running' AND hot.worker_id = worker.id))sql"
    };
    tx.defer(statement, sql::named("before", before));
}

}  // namespace afterresume::jobs
