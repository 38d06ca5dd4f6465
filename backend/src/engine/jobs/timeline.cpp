#include "engine/jobs/timeline.h"

namespace afterresume::jobs {

void append_event(sql::Tx& tx, TenantId tenant, const JobId& job, const NewEvent& event) {
    static constexpr sql::Statement statement{"jobs.append_event", R"sql(
        INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data, progress)
        SELECT :job_id, coalesce(max(seq), 1) + 1, :tenant_id, :at, :level, :source, :message, :data, :progress
        FROM job_event WHERE job_id = :job_id AND tenant_id = :tenant_id)sql"};
    tx.defer(
        statement, sql::named("job_id", job), sql::named("tenant_id", tenant),
        sql::named("at", event.at), sql::named("level", event.level),
        sql::named("source", event.source), sql::named("message", event.message),
        sql::named("data", event.data), sql::named("progress", event.progress)
    );
}

}  // namespace afterresume::jobs
