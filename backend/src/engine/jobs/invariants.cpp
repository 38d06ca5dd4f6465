#include "engine/jobs/invariants.h"

namespace afterresume::jobs {

namespace {

constexpr sql::Statement one_worker{"jobs.check_i1", R"sql(
    SELECT hot.id FROM job_hot hot
    WHERE (hot.state = 'running' AND NOT EXISTS (SELECT 1 FROM worker WHERE worker.id = hot.worker_id))
       OR (hot.state <> 'running' AND hot.worker_id IS NOT NULL)
    LIMIT 100)sql"};

constexpr sql::Statement lease_rises{"jobs.check_i2", R"sql(
    SELECT job.id FROM job JOIN job_hot hot ON hot.id = job.id
    WHERE hot.lease_seq < job.lease_seq OR hot.lease_seq < hot.attempts LIMIT 100)sql"};

constexpr sql::Statement one_outcome{"jobs.check_i3", R"sql(
    SELECT event.job_id FROM job_event event JOIN job ON job.id = event.job_id
    WHERE event.data ->> 'event' = 'finished'
    GROUP BY event.job_id HAVING count(*) > max(job.generation) LIMIT 100)sql"};

constexpr sql::Statement hot_or_ended{"jobs.check_i4", R"sql(
    SELECT job.id FROM job LEFT JOIN job_hot hot ON hot.id = job.id
    WHERE (job.status IS NULL AND hot.id IS NULL) OR (job.status IS NOT NULL AND hot.id IS NOT NULL)
    LIMIT 100)sql"};

constexpr sql::Statement has_header{
    "jobs.check_i4_header", R"sql(
    SELECT hot.id FROM job_hot hot LEFT JOIN job ON job.id = hot.id WHERE job.id IS NULL LIMIT 100)sql"
};

constexpr sql::Statement bounded{"jobs.check_i5", R"sql(
    SELECT job.id FROM job LEFT JOIN job_hot hot ON hot.id = job.id
    WHERE coalesce(hot.attempts, job.attempts) > job.max_attempts OR coalesce(hot.attempts, job.attempts) < 0
       OR coalesce(hot.rescues, 0) > :rescue_cap
    LIMIT 100)sql"};

constexpr sql::Statement counted{"jobs.check_i10", R"sql(
    SELECT hot.id FROM job_hot hot
    WHERE hot.unmet <> (SELECT count(*) FROM job_edge edge WHERE edge.child_id = hot.id AND NOT edge.met)
       OR (hot.state = 'blocked' AND hot.unmet = 0)
       OR (hot.state <> 'blocked' AND EXISTS (
              SELECT 1 FROM job_edge edge
              WHERE edge.child_id = hot.id AND NOT edge.met AND edge.on_failure <> 'resume'))
    LIMIT 100)sql"};

constexpr sql::Statement told{"jobs.check_i10_told", R"sql(
    SELECT edge.child_id FROM job_edge edge
    WHERE NOT edge.met
      AND NOT EXISTS (SELECT 1 FROM job_hot parent WHERE parent.id = edge.parent_id)
      AND NOT EXISTS (SELECT 1 FROM job_unresolved noted
                      WHERE noted.task = 'tell_children' AND noted.job_id = edge.parent_id)
    LIMIT 100)sql"};

constexpr sql::Statement dense{"jobs.check_e1", R"sql(
    SELECT job_id FROM job_event GROUP BY job_id
    HAVING min(seq) <> 2 OR max(seq) - min(seq) + 1 <> count(*) LIMIT 100)sql"};

constexpr sql::Statement ended_well{"jobs.check_e2", R"sql(
    SELECT hot.id FROM job_hot hot
    WHERE hot.state <> 'running' AND hot.event_seq <> coalesce(
        (SELECT max(event.seq) FROM job_event event WHERE event.job_id = hot.id), 1)
    LIMIT 100)sql"};

Task<void> look(
    sql::Tx& tx, const sql::Statement& statement, std::int64_t cap, std::string invariant,
    std::string sentence, std::vector<Violation>& found
) {
    auto jobs = co_await tx.all<Uuid>(statement, sql::named("rescue_cap", cap));
    for (const auto& job : jobs) found.push_back({invariant, sentence, job});
}

}  // namespace

Task<std::vector<Violation>> find_violations(sql::Tx& tx, std::int64_t rescue_cap) {
    std::vector<Violation> found;
    co_await look(
        tx, one_worker, rescue_cap, "I1", "a job runs exactly while a registered worker has it",
        found
    );
    co_await look(tx, lease_rises, rescue_cap, "I2", "lease_seq rises", found);
    co_await look(
        tx, one_outcome, rescue_cap, "I3", "an outcome is written once per generation", found
    );
    co_await look(
        tx, hot_or_ended, rescue_cap, "I4", "a job is unfinished exactly when it has a hot row",
        found
    );
    co_await look(tx, has_header, rescue_cap, "I4", "a hot row has its job", found);
    co_await look(
        tx, bounded, rescue_cap, "I5", "attempts and rescues stay in their bounds", found
    );
    co_await look(
        tx, counted, rescue_cap, "I10", "a job is blocked exactly while a parent is unmet", found
    );
    co_await look(tx, told, rescue_cap, "I10", "an ended parent tells its children", found);
    co_await look(tx, dense, rescue_cap, "E1", "events are numbered without gaps", found);
    co_await look(tx, ended_well, rescue_cap, "E2", "a waiting job knows its last event", found);
    co_return found;
}

}  // namespace afterresume::jobs
