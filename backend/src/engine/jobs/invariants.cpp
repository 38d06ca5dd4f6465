#include "engine/jobs/invariants.h"

#include <array>

namespace afterresume::jobs {

namespace {

struct Check {
    std::string_view invariant;
    std::string_view sentence;
    // Gives the subjects of breaches.
    std::string_view sql;
};

constexpr std::array checks{
    Check{"I1", "a job runs exactly while a registered worker has it", R"sql(
        SELECT hot.id FROM job_hot hot
        WHERE (hot.state = 'running' AND NOT EXISTS (SELECT 1 FROM worker WHERE worker.id = hot.worker_id))
           OR (hot.state <> 'running' AND hot.worker_id IS NOT NULL))sql"},
    Check{"I2", "lease_seq rises", R"sql(
        SELECT job.id FROM job JOIN job_hot hot ON hot.id = job.id
        WHERE hot.lease_seq < job.lease_seq OR hot.lease_seq < hot.attempts)sql"},
    Check{"I3", "an outcome is written once per generation", R"sql(
        SELECT event.job_id FROM job_event event JOIN job ON job.id = event.job_id
        WHERE event.data ->> 'event' = 'finished'
        GROUP BY event.job_id HAVING count(*) >= max(job.generation))sql"},
    Check{
        "I4", "a job is unfinished exactly when it has a hot row", R"sql(
        SELECT job.id FROM job LEFT JOIN job_hot hot ON hot.id = job.id
        WHERE (job.status IS NULL AND hot.id IS NULL) OR (job.status IS NOT NULL AND hot.id IS NOT NULL))sql"
    },
    Check{"I4", "a hot row has its job", R"sql(
        SELECT hot.id FROM job_hot hot LEFT JOIN job ON job.id = hot.id WHERE job.id IS NULL)sql"},
    Check{"I5", "attempts and rescues stay in their bounds", R"sql(
        SELECT job.id FROM job LEFT JOIN job_hot hot ON hot.id = job.id
        WHERE coalesce(hot.attempts, job.attempts) > job.max_attempts OR coalesce(hot.attempts, job.attempts) < 0
           OR coalesce(hot.rescues, 0) > :rescue_cap)sql"},
    Check{
        "I6", "the running jobs of a tenant are counted", R"sql(
        SELECT tq.queue || ' ' || tq.tenant_id FROM tenant_queue tq
        WHERE tq.running <> (SELECT count(*) FROM job_hot hot
                             WHERE hot.state = 'running' AND hot.queue = tq.queue AND hot.tenant_id = tq.tenant_id))sql"
    },
    Check{"I6", "a running job is counted for its tenant", R"sql(
        SELECT hot.id FROM job_hot hot
        WHERE hot.state = 'running'
          AND NOT EXISTS (SELECT 1 FROM tenant_queue tq
                          WHERE tq.queue = hot.queue AND tq.tenant_id = hot.tenant_id))sql"},
    Check{
        "I6", "no more jobs of a tenant run in a queue than its limit there", R"sql(
        SELECT share.queue || ' ' || share.tenant_id FROM tenant_share share
        WHERE share.max_running < (SELECT count(*) FROM job_hot hot
                                   WHERE hot.state = 'running' AND hot.queue = share.queue
                                     AND hot.tenant_id = share.tenant_id AND hot.started_at > share.limited_from))sql"
    },
    Check{"I7", "a recorded step is not done again", R"sql(
        SELECT told.job_id
        FROM (SELECT event.job_id, event.data ->> 'step' AS name, count(*) AS times FROM job_event event
              WHERE event.data ->> 'event' = 'step_finished' GROUP BY event.job_id, event.data ->> 'step') told
        WHERE told.times > (SELECT count(*) FROM job_step step
                            WHERE step.job_id = told.job_id AND step.name = told.name))sql"},
    Check{"I9", "a job that was asked to stop ends as cancelled", R"sql(
        SELECT job.id FROM job_event asked JOIN job ON job.id = asked.job_id
        WHERE asked.data ->> 'event' = 'cancel_requested' AND job.status IN ('success', 'failed')
          AND NOT EXISTS (SELECT 1 FROM job_event again
                          WHERE again.job_id = asked.job_id AND again.seq > asked.seq
                            AND again.data ->> 'event' = 'retry_requested'))sql"},
    Check{"I9", "a job that was asked to stop does no more", R"sql(
        SELECT asked.job_id FROM job_event asked
        JOIN job_event step ON step.job_id = asked.job_id AND step.seq > asked.seq
                               AND step.data ->> 'event' = 'step_finished'
        WHERE asked.data ->> 'event' = 'cancel_requested'
          AND NOT EXISTS (SELECT 1 FROM job_event again
                          WHERE again.job_id = asked.job_id AND again.seq BETWEEN asked.seq AND step.seq
                            AND again.data ->> 'event' = 'retry_requested'))sql"},
    Check{
        "I10", "a job is blocked exactly while a parent is unmet", R"sql(
        SELECT hot.id FROM job_hot hot
        WHERE hot.unmet <> (SELECT count(*) FROM job_edge edge WHERE edge.child_id = hot.id AND NOT edge.met)
           OR (hot.state = 'blocked' AND hot.unmet = 0)
           OR (hot.state <> 'blocked' AND EXISTS (
                  SELECT 1 FROM job_edge edge
                  WHERE edge.child_id = hot.id AND NOT edge.met AND edge.on_failure <> 'resume')))sql"
    },
    Check{
        "I10", "an ended parent tells its children", R"sql(
        SELECT edge.child_id FROM job_edge edge
        WHERE NOT edge.met
          AND NOT EXISTS (SELECT 1 FROM job_hot parent WHERE parent.id = edge.parent_id)
          AND NOT EXISTS (SELECT 1 FROM job_unresolved noted
                          WHERE noted.task = 'tell_children' AND noted.job_id = edge.parent_id))sql"
    },
    Check{"I11", "a slot of a schedule has one job", R"sql(
        SELECT job.id FROM job JOIN job earlier ON earlier.correlation_id = job.correlation_id AND earlier.id < job.id
        WHERE job.triggered_by = 'schedule' AND earlier.triggered_by = 'schedule')sql"},
    Check{
        "I13", "a job becomes ready when its time has come, and workers know of its tenant", R"sql(
        SELECT hot.id FROM job_hot hot
        JOIN job_queue ON job_queue.name = hot.queue AND NOT job_queue.paused
        LEFT JOIN tenant_queue tq ON tq.queue = hot.queue AND tq.tenant_id = hot.tenant_id
        WHERE hot.state IN ('scheduled', 'waiting', 'ready') AND hot.run_at < :claimable_since
          AND (hot.state <> 'ready' OR tq.queue IS NULL)
          AND EXISTS (SELECT 1 FROM worker WHERE worker.died_at IS NULL AND NOT worker.draining))sql"
    },
    // Since the job is ready, and nothing has happened to it, its tenant asked for others of its
    // type in its queue. One has begun, and so has one that was asked for so long after that that
    // no priority puts it first: no pause, no limit and no want of workers keeps back the earlier
    // job alone. What is of the future, by a clock that was put back, tells nothing. Where no later
    // one has begun, a tenant that claims forgot looks like one that was resumed a moment ago.
    Check{"I13", "a ready job is not passed by for long by later ones of its type", R"sql(
        SELECT hot.id
        FROM job_hot hot
        JOIN (
            SELECT queue, tenant_id, type, max(created_at) AS asked_for
            FROM (
                SELECT later.queue, later.tenant_id, later.type, later.created_at,
                       coalesce(begun.started_at, later.started_at) AS started_at,
                       max(later.created_at) OVER (PARTITION BY later.queue, later.tenant_id, later.type) AS latest
                FROM job later LEFT JOIN job_hot begun ON begun.id = later.id
                WHERE later.id > (SELECT waiting.id FROM job_hot waiting
                                  WHERE waiting.state = 'ready' AND waiting.run_at < :claimable_since
                                  ORDER BY waiting.id LIMIT 1)
                  AND later.created_at < :claimable_since
                  AND coalesce(begun.started_at, later.started_at) IS NOT NULL
            ) begun
            WHERE started_at + (SELECT lasts FROM patience) < latest
            GROUP BY queue, tenant_id, type
        ) passing ON passing.queue = hot.queue AND passing.tenant_id = hot.tenant_id AND passing.type = hot.type
        WHERE hot.state = 'ready' AND hot.run_at < :claimable_since AND hot.run_at < passing.asked_for
          AND NOT EXISTS (SELECT 1 FROM job_event event
                          WHERE event.job_id = hot.id AND event.at >= passing.asked_for))sql"},
    Check{"E1", "events are numbered without gaps", R"sql(
        SELECT event.job_id FROM job_event event JOIN job ON job.id = event.job_id LEFT JOIN job_hot hot ON hot.id = job.id
        GROUP BY event.job_id
        HAVING max(event.seq) - min(event.seq) + 1 <> count(*)
            OR min(event.seq) <> CASE WHEN max(coalesce(hot.started_at, job.started_at)) IS NULL OR min(event.seq) = 2
                                      THEN 2 ELSE 3 END)sql"},
    Check{"E2", "a waiting job knows its last event", R"sql(
        SELECT hot.id FROM job_hot hot
        WHERE hot.state <> 'running' AND hot.event_seq <> coalesce(
            (SELECT max(event.seq) FROM job_event event WHERE event.job_id = hot.id),
            CASE WHEN hot.started_at IS NULL THEN 1 ELSE 2 END))sql"},
};

// One statement sees one snapshot, on either database. `patience` is how long later jobs may pass
// one by: the most urgent ones do for a quarter of an hour, and what a claim locks but does not
// take is passed by as well; looks everywhere are five minutes apart at most.
std::string all_checks(std::string_view patience) {
    auto each = fmt::format("WITH patience(lasts) AS (SELECT {})", patience);
    std::string all;
    for (std::size_t i = 0; i < checks.size(); ++i) {
        const auto& check = checks[i];
        each += fmt::format(", check_{}(subject) AS ({})", i, check.sql);
        all += fmt::format(
            "{}\nSELECT '{}' AS invariant, '{}' AS sentence, CAST(found.subject AS text) AS "
            "subject "
            "FROM (SELECT subject FROM check_{} LIMIT 100) AS found",
            i == 0 ? "" : "\nUNION ALL", check.invariant, check.sentence, i
        );
    }
    return each + all;
}

}  // namespace

Task<std::vector<Violation>> find_violations(sql::Database& database, Expected expected) {
    static const auto on_postgres = all_checks("interval '30 minutes'");
    static const auto on_sqlite = all_checks("30 * 60 * 1000");
    static constexpr sql::Statement without_timeout{
        "jobs.check_slowly", "SELECT set_config('statement_timeout', '0', true)"
    };
    const sql::Statement statement{"jobs.check", on_postgres, on_sqlite};
    // On PostgreSQL a read would keep the connection that others share.
    auto postgres = database.dialect() == sql::Dialect::postgres;
    auto tx = database.begin_engine(postgres ? sql::Access::write : sql::Access::read);
    if (postgres) tx->defer(without_timeout);
    auto found = co_await tx->all<Violation>(
        statement, sql::named("rescue_cap", expected.rescue_cap),
        sql::named("claimable_since", expected.claimable_since)
    );
    co_return found;
}

}  // namespace afterresume::jobs
