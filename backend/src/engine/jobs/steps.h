// Checkpoints of an attempt: what a named step gave for an input, kept under (job, generation,
// name, input) and never written twice.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

#include <string_view>

namespace afterresume::jobs {

struct Step {
    std::string name;
    std::string input_hash;
    // JSON text of the output, as it is kept.
    std::string output;
    std::int64_t attempt = 0;
    Timestamp started_at;
    Timestamp finished_at;
    std::int64_t cost = 0;
};
BOOST_DESCRIBE_STRUCT(Step, (), (name, input_hash, output, attempt, started_at, finished_at, cost))

// 128 bits of FNV-1a in hexadecimal: tells inputs of one step apart; no defence against anybody.
std::string hash_of(std::string_view text);

Task<std::vector<Step>> list_steps(
    sql::Tx& tx, TenantId tenant, JobId job, std::int64_t generation
);
Task<std::optional<Step>> find_step(
    sql::Tx& tx, TenantId tenant, JobId job, std::int64_t generation, std::string name,
    std::string input_hash
);
// The transaction must hold the job. Error conflict "sql.unique" when the step is there already.
void keep_step(
    sql::Tx& tx, TenantId tenant, const JobId& job, std::int64_t generation, const Step& step
);

}  // namespace afterresume::jobs
