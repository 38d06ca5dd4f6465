#include "engine/jobs/steps.h"

namespace afterresume::jobs {

namespace {

__extension__ using Wide = unsigned __int128;

}  // namespace

std::string hash_of(std::string_view text) {
    constexpr Wide prime = (static_cast<Wide>(0x0000000001000000) << 64) | 0x000000000000013B;
    auto hash = (static_cast<Wide>(0x6c62272e07bb0142) << 64) | 0x62b821756295c58d;
    for (auto c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= prime;
    }
    return fmt::format(
        "{:016x}{:016x}", static_cast<std::uint64_t>(hash >> 64), static_cast<std::uint64_t>(hash)
    );
}

Task<std::vector<Step>> list_steps(
    sql::Tx& tx, TenantId tenant, JobId job, std::int64_t generation
) {
    static constexpr sql::Statement statement{"jobs.list_steps", R"sql(
        SELECT name, input_hash, output, attempt, started_at, finished_at, cost FROM job_step
        WHERE job_id = :job_id AND generation = :generation AND tenant_id = :tenant_id
        ORDER BY finished_at, name)sql"};
    return tx.all<Step>(
        statement, sql::named("job_id", job), sql::named("generation", generation),
        sql::named("tenant_id", tenant)
    );
}

Task<std::optional<Step>> find_step(
    sql::Tx& tx, TenantId tenant, JobId job, std::int64_t generation, std::string name,
    std::string input_hash
) {
    static constexpr sql::Statement statement{"jobs.find_step", R"sql(
        SELECT name, input_hash, output, attempt, started_at, finished_at, cost FROM job_step
        WHERE job_id = :job_id AND generation = :generation AND name = :name AND input_hash = :input_hash
          AND tenant_id = :tenant_id)sql"};
    return tx.find<Step>(
        statement, sql::named("job_id", job), sql::named("generation", generation),
        sql::named("name", name), sql::named("input_hash", input_hash),
        sql::named("tenant_id", tenant)
    );
}

void keep_step(
    sql::Tx& tx, TenantId tenant, const JobId& job, std::int64_t generation, const Step& step
) {
    static constexpr sql::Statement statement{
        "jobs.keep_step", R"sql(
        INSERT INTO job_step (job_id, generation, name, tenant_id, input_hash, output, attempt, started_at, finished_at, cost)
        VALUES (:job_id, :generation, :name, :tenant_id, :input_hash, :output, :attempt, :started_at, :finished_at, :cost))sql"
    };
    tx.defer(
        statement, step, sql::named("output", sql::JsonText{step.output}),
        sql::named("job_id", job), sql::named("generation", generation),
        sql::named("tenant_id", tenant)
    );
}

}  // namespace afterresume::jobs
