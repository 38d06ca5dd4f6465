#include "engine/jobs/claims.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/release.h"

namespace afterresume::jobs {

namespace {

constexpr sql::Statement end_held_on_postgres{"jobs.end_held", R"sql(
    WITH gone AS (
        DELETE FROM job_hot WHERE id = :id AND lease_seq = :lease_seq
        RETURNING id, lease_seq, attempts, started_at
    )
    UPDATE job
    SET status = 'success', result = :result, lease_seq = gone.lease_seq, attempts = gone.attempts,
        started_at = gone.started_at, finished_at = :now,
        cost = CASE WHEN :has_steps
                    THEN (SELECT coalesce(sum(step.cost), 0) FROM job_step step WHERE step.job_id = :id) ELSE 0 END
    FROM gone WHERE job.id = :id)sql"};

constexpr sql::Statement end_held_on_sqlite{"jobs.end_held", R"sql(
    UPDATE job
    SET status = 'success', result = :result, lease_seq = hot.lease_seq, attempts = hot.attempts,
        started_at = hot.started_at, finished_at = :now,
        cost = CASE WHEN :has_steps
                    THEN (SELECT coalesce(sum(step.cost), 0) FROM job_step AS step WHERE step.job_id = :id) ELSE 0 END
    FROM (SELECT lease_seq, attempts, started_at FROM job_hot WHERE id = :id AND lease_seq = :lease_seq) AS hot
    WHERE job.id = :id)sql"};

constexpr sql::Statement remove_held_on_sqlite{
    "jobs.remove_held", "DELETE FROM job_hot WHERE id = :id AND lease_seq = :lease_seq"
};

// Last, because it is what all ends of a tenant's jobs meet at.
constexpr sql::Statement free_place{
    "jobs.free_place",
    R"sql(
    UPDATE tenant_queue SET running = running - 1, version = version + 1
    WHERE (queue, tenant_id) = (:queue, :tenant_id)
      AND version >= (SELECT newest.version FROM tenant_queue newest
                      WHERE (newest.queue, newest.tenant_id) = (:queue, :tenant_id)
                      ORDER BY newest.version DESC LIMIT 1))sql",
    "UPDATE tenant_queue SET running = running - 1 WHERE (queue, tenant_id) = (:queue, :tenant_id)"
};

}  // namespace

void end_held(
    sql::Tx& tx, const Claimed& job, const std::optional<std::string>& result, bool has_steps,
    Timestamp now
) {
    plan_by_index(tx);
    tx.unlock_early();
    std::optional<sql::JsonText> kept;
    if (result) kept = sql::JsonText{*result};
    auto end = [&](const sql::Statement& statement) {
        tx.defer(
            statement, job, sql::named("result", kept), sql::named("has_steps", has_steps),
            sql::named("now", now)
        );
    };
    if (tx.dialect() == sql::Dialect::postgres) {
        end(end_held_on_postgres);
    } else {
        end(end_held_on_sqlite);
        tx.defer(remove_held_on_sqlite, job);
    }
    note_children(tx, {job.id});
    tx.defer(free_place, job);
}

}  // namespace afterresume::jobs
