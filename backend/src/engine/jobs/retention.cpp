#include "engine/jobs/retention.h"

#include "engine/jobs/id_time.h"

namespace afterresume::jobs {

namespace {

// A parent whose children have not all been told is needed still.
constexpr sql::Statement find_ended{"jobs.find_ended", R"sql(
    SELECT id FROM job
    WHERE id < :border AND finished_at < :before AND status IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM job_hot hot WHERE hot.id = job.id)
      AND NOT EXISTS (SELECT 1 FROM job_unresolved unresolved WHERE unresolved.job_id = job.id)
    ORDER BY id LIMIT :most)sql"};

constexpr sql::Statement remove_events{
    "jobs.remove_events",
    "DELETE FROM job_event WHERE job_id IN (SELECT value FROM json_each(:ids))"
};
constexpr sql::Statement remove_steps{
    "jobs.remove_steps", "DELETE FROM job_step WHERE job_id IN (SELECT value FROM json_each(:ids))"
};
constexpr sql::Statement remove_edges{
    "jobs.remove_edges",
    "DELETE FROM job_edge WHERE parent_id IN (SELECT value FROM json_each(:ids))"
};
constexpr sql::Statement remove_headers{
    "jobs.remove_headers", "DELETE FROM job WHERE id IN (SELECT value FROM json_each(:ids))"
};

}  // namespace

Task<std::int64_t> remove_ended(sql::Tx& tx, Timestamp before, std::int64_t most) {
    auto ids = co_await tx.all<Uuid>(
        find_ended, sql::named("border", least_id(before)), sql::named("before", before),
        sql::named("most", most)
    );
    auto list = sql::named("ids", sql::JsonText{describe::to_json(ids)});
    for (const auto* statement : {&remove_events, &remove_steps, &remove_edges, &remove_headers})
        tx.defer(*statement, list);
    co_return static_cast<std::int64_t>(ids.size());
}

}  // namespace afterresume::jobs
