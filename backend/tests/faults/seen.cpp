#include "seen.h"

#include "core/describe/writer.h"
#include "engine/jobs/invariants.h"

namespace afterresume::faults {

namespace {

struct Seen {
    std::int64_t jobs = 0;
    std::int64_t unfinished = 0;
    std::int64_t success = 0;
    std::int64_t failed = 0;
    std::int64_t gave_up = 0;
    // Attempts that count, of ended jobs.
    std::int64_t attempts = 0;
    std::int64_t effects = 0;
    std::int64_t doubled_effects = 0;
    std::int64_t ends = 0;
    std::int64_t doubled_ends = 0;
};
BOOST_DESCRIBE_STRUCT(
    Seen, (),
    (jobs, unfinished, success, failed, gave_up, attempts, effects, doubled_effects, ends,
     doubled_ends)
)

Task<Seen> see(sql::Database& database) {
    static constexpr sql::Statement statement{"faults.see", R"sql(
        SELECT (SELECT count(*) FROM job) AS jobs,
               (SELECT count(*) FROM job_hot) AS unfinished,
               (SELECT count(*) FROM job WHERE status = 'success') AS success,
               (SELECT count(*) FROM job WHERE status = 'failed') AS failed,
               (SELECT count(*) FROM job WHERE error->>'code' = 'job.worker_died') AS gave_up,
               (SELECT coalesce(max(attempts), 0) FROM job) AS attempts,
               (SELECT count(*) FROM fault_effect) AS effects,
               (SELECT count(*) FROM (SELECT 1 FROM fault_effect GROUP BY job_id HAVING count(*) > 1) a)
                   AS doubled_effects,
               (SELECT count(*) FROM fault_end) AS ends,
               (SELECT count(*) FROM (SELECT 1 FROM fault_end GROUP BY job_id, generation HAVING count(*) > 1) b)
                   AS doubled_ends)sql"};
    auto tx = database.begin_engine(sql::Access::read);
    auto seen = co_await tx->one<Seen>(statement);
    co_return seen;
}

struct KeptStep {
    Uuid job_id;
    std::string name;
    Timestamp finished_at;
};
BOOST_DESCRIBE_STRUCT(KeptStep, (), (job_id, name, finished_at))

}  // namespace

Task<void> look(sql::Database& database, std::int64_t rescue_cap) {
    auto seen = co_await see(database);
    auto found =
        co_await jobs::find_violations(database, {.rescue_cap = rescue_cap, .claimable_since = {}});
    std::vector<std::string> broken;
    for (const auto& one : found)
        broken.push_back(fmt::format("{} {}: {}", one.invariant, one.subject, one.sentence));
    fmt::print(
        "{{\"seen\":{},\"broken\":{}}}\n", describe::to_json(seen), describe::to_json(broken)
    );
}

Task<void> list_steps(sql::Database& database) {
    static constexpr sql::Statement statement{
        "faults.steps", "SELECT job_id, name, finished_at FROM job_step"
    };
    auto tx = database.begin_engine(sql::Access::read);
    for (const auto& step : co_await tx->all<KeptStep>(statement)) {
        auto time = step.finished_at.time_since_epoch().count();
        fmt::print("{} {} {}\n", step.job_id.text(), step.name, time);
    }
}

}  // namespace afterresume::faults
