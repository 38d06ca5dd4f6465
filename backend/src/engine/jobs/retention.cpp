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
    "DELETE FROM job_event WHERE job_id IN (SELECT value::uuid FROM "
    "jsonb_array_elements_text(:ids))",
    "DELETE FROM job_event WHERE job_id IN (SELECT value FROM json_each(:ids))"
};
constexpr sql::Statement remove_steps{
    "jobs.remove_steps",
    "DELETE FROM job_step WHERE job_id IN (SELECT value::uuid FROM "
    "jsonb_array_elements_text(:ids))",
    "DELETE FROM job_step WHERE job_id IN (SELECT value FROM json_each(:ids))"
};
constexpr sql::Statement remove_edges{
    "jobs.remove_edges",
    "DELETE FROM job_edge WHERE parent_id IN (SELECT value::uuid FROM "
    "jsonb_array_elements_text(:ids))",
    "DELETE FROM job_edge WHERE parent_id IN (SELECT value FROM json_each(:ids))"
};
constexpr sql::Statement remove_headers{
    "jobs.remove_headers",
    "DELETE FROM job WHERE id IN (SELECT value::uuid FROM jsonb_array_elements_text(:ids))",
    "DELETE FROM job WHERE id IN (SELECT value FROM json_each(:ids))"
};

void remove_with_all(sql::Tx& tx, const std::vector<Uuid>& ids) {
    auto list = sql::named("ids", sql::JsonText{describe::to_json(ids)});
    for (const auto* statement : {&remove_events, &remove_steps, &remove_edges, &remove_headers})
        tx.defer(*statement, list);
}

}  // namespace

Task<std::int64_t> remove_ended(sql::Tx& tx, Timestamp before, std::int64_t most) {
    auto ids = co_await tx.all<Uuid>(
        find_ended, sql::named("border", least_id(before)), sql::named("before", before),
        sql::named("most", most)
    );
    remove_with_all(tx, ids);
    co_return static_cast<std::int64_t>(ids.size());
}

Task<std::int64_t> remove_all_of(sql::Tx& tx, TenantId tenant, UserId user, std::int64_t most) {
    static constexpr sql::Statement find_all{"jobs.find_all_of", R"sql(
        SELECT job.id FROM job
        WHERE job.tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), job.user_id)
          AND NOT EXISTS (SELECT 1 FROM job_hot hot WHERE hot.id = job.id)
        LIMIT :most)sql"};
    static constexpr sql::Statement remove_notes{
        "jobs.remove_notes",
        "DELETE FROM job_unresolved WHERE job_id IN (SELECT value::uuid FROM "
        "jsonb_array_elements_text(:ids))",
        "DELETE FROM job_unresolved WHERE job_id IN (SELECT value FROM json_each(:ids))"
    };
    auto ids = co_await tx.all<Uuid>(
        find_all, sql::named("tenant_id", tenant), sql::named("user_id", user),
        sql::named("most", most)
    );
    tx.defer(remove_notes, sql::named("ids", sql::JsonText{describe::to_json(ids)}));
    remove_with_all(tx, ids);
    co_return static_cast<std::int64_t>(ids.size());
}

}  // namespace afterresume::jobs
