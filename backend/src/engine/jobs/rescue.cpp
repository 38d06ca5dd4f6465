#include "engine/jobs/backoff.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/processes.h"

#include <algorithm>
#include <random>

namespace afterresume::jobs {

namespace {

constexpr std::chrono::minutes longest_apart{10};

constexpr sql::Statement bury{
    "jobs.bury",
    R"sql(UPDATE worker SET died_at = :now WHERE died_at IS NULL AND lease_until < clock_timestamp())sql",
    R"sql(UPDATE worker SET died_at = :now WHERE died_at IS NULL AND lease_until < :now)sql"
};

// Two statements rather than an OR, so that each has its index. On PostgreSQL the dead workers
// lead, so that what the living ones ran is not walked over; a dead worker's row stays as long as a
// job refers to it.
constexpr sql::Statement lock_orphans{
    "jobs.lock_orphans",
    R"sql(
    SELECT orphan.id, orphan.lease_seq, orphan.worker_id, orphan.rescues, orphan.cancel_requested,
           coalesce(orphan.deadline < :now, FALSE) AS late
    FROM worker CROSS JOIN LATERAL (
        SELECT hot.* FROM job_hot hot
        WHERE hot.state = 'running' AND hot.worker_id = worker.id
          AND hot.id <> ALL (ARRAY(SELECT CAST(jsonb_array_elements_text(:except) AS uuid)))
        LIMIT :batch FOR UPDATE SKIP LOCKED) orphan
    WHERE worker.died_at >= :died_since LIMIT :batch)sql",
    R"sql(
    SELECT hot.id, hot.lease_seq, hot.worker_id, hot.rescues, hot.cancel_requested,
           coalesce(hot.deadline < :now, FALSE) AS late
    FROM job_hot hot
    WHERE hot.state = 'running' AND hot.id NOT IN (SELECT value FROM json_each(:except))
      AND NOT EXISTS (SELECT 1 FROM worker
                      WHERE worker.id = hot.worker_id AND (worker.died_at IS NULL OR worker.died_at < :died_since))
    ORDER BY hot.worker_id LIMIT :batch)sql"
};
constexpr sql::Statement lock_late{
    "jobs.lock_late",
    R"sql(
    SELECT id, lease_seq, worker_id, rescues, cancel_requested, TRUE AS late FROM job_hot
    WHERE deadline < :now AND id <> ALL (ARRAY(SELECT CAST(jsonb_array_elements_text(:except) AS uuid)))
    ORDER BY deadline LIMIT :batch FOR UPDATE SKIP LOCKED)sql",
    R"sql(
    SELECT id, lease_seq, worker_id, rescues, cancel_requested, TRUE AS late FROM job_hot
    WHERE deadline < :now AND id NOT IN (SELECT value FROM json_each(:except))
    ORDER BY deadline LIMIT :batch)sql"
};

std::optional<Ending> ending_of(const Orphan& orphan, const RescueLimits& limits) {
    if (orphan.cancel_requested) return Ending{orphan.fence(), Status::cancelled};
    if (orphan.late) {
        Failure failure{
            FailureKind::permanent, "job.deadline_exceeded",
            "The job did not end before its deadline."
        };
        return Ending{orphan.fence(), Status::failed, std::nullopt, std::move(failure)};
    }
    if (orphan.rescues < limits.rescues) return std::nullopt;
    Failure failure{
        FailureKind::permanent, "job.worker_died",
        "The program ended too often while it worked on this job."
    };
    return Ending{orphan.fence(), Status::failed, std::nullopt, std::move(failure)};
}

// Nothing where it may run at once.
std::optional<Timestamp> next_run(
    const Orphan& orphan, std::chrono::milliseconds apart, Timestamp now
) {
    if (orphan.rescues == 0 || apart == std::chrono::milliseconds(0)) return std::nullopt;
    std::minstd_rand random(static_cast<std::uint32_t>(std::hash<Uuid>{}(orphan.id)));
    random.discard(static_cast<std::uint64_t>(orphan.rescues));
    auto chance = std::uniform_real_distribution<double>(0, 1)(random);
    return now + std::chrono::milliseconds(1) +
           backoff_delay({apart, longest_apart}, orphan.rescues, chance);
}

Return rescued(const Orphan& orphan, std::chrono::milliseconds apart, Timestamp now) {
    JsonObject data{{"event", "rescued"}, {"rescues", orphan.rescues + 1}};
    NewEvent event{
        now, Level::warning, Source::system, "Taken back from a worker that died", std::move(data)
    };
    auto run_at = next_run(orphan, apart, now);
    auto state = run_at ? State::scheduled : State::ready;
    return {orphan.fence(), Counted::rescue, state, run_at, std::move(event)};
}

}  // namespace

Task<std::vector<Orphan>> find_orphans(sql::Tx& tx, RescueLimits limits, Timestamp now) {
    tx.defer(bury, sql::named("now", now));
    auto batch = sql::named("batch", limits.batch);
    auto except = sql::named("except", sql::JsonText{describe::to_json(limits.except)});
    auto orphans = co_await tx.all<Orphan>(
        lock_orphans, batch, except, sql::named("now", now),
        sql::named("died_since", limits.died_since)
    );
    auto late = co_await tx.all<Orphan>(lock_late, batch, except, sql::named("now", now));
    for (auto& job : late) {
        if (std::ranges::find(orphans, job.id, &Orphan::id) == orphans.end())
            orphans.push_back(std::move(job));
    }
    co_return orphans;
}

void rescue(
    sql::Tx& tx, const std::vector<Orphan>& orphans, const RescueLimits& limits, Timestamp now
) {
    std::vector<Ending> endings;
    std::vector<Return> returns;
    for (const auto& orphan : orphans) {
        if (auto ending = ending_of(orphan, limits)) {
            endings.push_back(std::move(*ending));
        } else {
            returns.push_back(rescued(orphan, limits.apart, now));
        }
    }
    write_outcomes(tx, endings, returns, now);
}

Task<std::size_t> rescue(sql::Tx& tx, RescueLimits limits, Timestamp now) {
    auto orphans = co_await find_orphans(tx, limits, now);
    rescue(tx, orphans, limits, now);
    co_return orphans.size();
}

}  // namespace afterresume::jobs
