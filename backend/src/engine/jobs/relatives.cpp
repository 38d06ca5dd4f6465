#include "engine/jobs/relatives.h"

namespace afterresume::jobs {

Task<std::vector<Relative>> list_parents(sql::Tx& tx, TenantId tenant, JobId id) {
    static constexpr sql::Statement statement{"jobs.list_parents", R"sql(
        SELECT job.id, job.type, edge.on_failure,
               coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status
        FROM job_edge edge JOIN job ON job.id = edge.parent_id LEFT JOIN job_hot hot ON hot.id = job.id
        WHERE edge.child_id = :id AND edge.tenant_id = :tenant_id AND edge.on_failure <> 'resume'
        ORDER BY job.id LIMIT 100)sql"};
    return tx.all<Relative>(statement, sql::named("id", id), sql::named("tenant_id", tenant));
}

Task<std::vector<Relative>> list_children(sql::Tx& tx, TenantId tenant, JobId id) {
    static constexpr sql::Statement statement{"jobs.list_children", R"sql(
        SELECT job.id, job.type, edge.on_failure,
               coalesce(job.status, CASE WHEN hot.state = 'running' THEN 'running' ELSE 'queued' END) AS status
        FROM (
            SELECT edge.child_id AS id FROM job_edge edge
            WHERE edge.parent_id = :id AND edge.tenant_id = :tenant_id AND edge.on_failure <> 'resume'
            UNION
            SELECT made.id FROM job made WHERE made.parent_id = :id AND made.tenant_id = :tenant_id
        ) child
        JOIN job ON job.id = child.id
        LEFT JOIN job_hot hot ON hot.id = job.id
        LEFT JOIN job_edge edge ON edge.parent_id = :id AND edge.child_id = job.id AND edge.on_failure <> 'resume'
        ORDER BY job.id LIMIT 100)sql"};
    return tx.all<Relative>(statement, sql::named("id", id), sql::named("tenant_id", tenant));
}

}  // namespace afterresume::jobs
