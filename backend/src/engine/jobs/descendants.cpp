#include "engine/jobs/descendants.h"

#include "engine/jobs/control.h"

namespace afterresume::jobs {

namespace {

constexpr sql::Statement lock_descendants{"jobs.lock_descendants", R"sql(
    WITH RECURSIVE descendant(id) AS (
        SELECT job.id FROM job WHERE job.parent_id = :id AND job.tenant_id = :tenant_id
        UNION ALL
        SELECT job.id FROM descendant JOIN job ON job.parent_id = descendant.id
        WHERE job.tenant_id = :tenant_id
    )
    SELECT hot.id, hot.lease_seq, hot.state FROM descendant JOIN job_hot hot ON hot.id = descendant.id
    WHERE NOT hot.cancel_requested
    ORDER BY hot.id LIMIT :limit FOR UPDATE OF hot SKIP LOCKED)sql"};

constexpr sql::Statement any_left{"jobs.any_descendant", R"sql(
    WITH RECURSIVE descendant(id) AS (
        SELECT job.id FROM job WHERE job.parent_id = :id AND job.tenant_id = :tenant_id
        UNION ALL
        SELECT job.id FROM descendant JOIN job ON job.parent_id = descendant.id
        WHERE job.tenant_id = :tenant_id
    )
    SELECT hot.id FROM descendant JOIN job_hot hot ON hot.id = descendant.id
    WHERE NOT hot.cancel_requested LIMIT 1)sql"};

constexpr sql::Statement note{"jobs.note_descendants", R"sql(
    INSERT INTO job_unresolved (job_id, task, tenant_id) VALUES (:id, 'cancel_descendants', :tenant_id)
    ON CONFLICT DO NOTHING)sql"};

constexpr sql::Statement forget{
    "jobs.forget_descendants", R"sql(
    DELETE FROM job_unresolved WHERE task = 'cancel_descendants' AND job_id = :id AND tenant_id = :tenant_id)sql"
};

constexpr sql::Statement lock_noted{"jobs.lock_noted", R"sql(
    SELECT job_id, tenant_id FROM job_unresolved WHERE task = 'cancel_descendants'
    ORDER BY job_id LIMIT :limit FOR UPDATE SKIP LOCKED)sql"};

struct Noted {
    JobId job_id;
    TenantId tenant_id;
};
BOOST_DESCRIBE_STRUCT(Noted, (), (job_id, tenant_id))

Task<std::size_t> stop_descendants(
    sql::Tx& tx, TenantId tenant, JobId job, std::int64_t limit, Timestamp now
) {
    auto found = co_await tx.all<Unfinished>(
        lock_descendants, sql::named("id", job), sql::named("tenant_id", tenant),
        sql::named("limit", limit)
    );
    stop(tx, tenant, found, now);
    co_return found.size();
}

}  // namespace

Task<std::size_t> cancel_descendants(
    sql::Tx& tx, TenantId tenant, JobId job, std::int64_t limit, Timestamp now
) {
    auto stopped = co_await stop_descendants(tx, tenant, job, limit, now);
    // One that is held at this moment may be making another.
    auto left =
        co_await tx.find<Uuid>(any_left, sql::named("id", job), sql::named("tenant_id", tenant));
    tx.defer(left ? note : forget, sql::named("id", job), sql::named("tenant_id", tenant));
    co_return stopped;
}

Task<std::size_t> cancel_noted_descendants(sql::Tx& tx, std::int64_t limit, Timestamp now) {
    auto noted = co_await tx.all<Noted>(lock_noted, sql::named("limit", limit));
    std::size_t stopped = 0;
    for (const auto& one : noted) {
        auto left = limit - static_cast<std::int64_t>(stopped);
        if (left <= 0) break;
        stopped += co_await cancel_descendants(tx, one.tenant_id, one.job_id, left, now);
    }
    co_return stopped;
}

}  // namespace afterresume::jobs
