#include "engine/jobs/resealing.h"

namespace afterresume::jobs {

namespace {

using resealing::Anew;

struct SealedPayload {
    Uuid id;
    TenantId tenant_id;
    RawJson payload;
};
BOOST_DESCRIBE_STRUCT(SealedPayload, (), (id, tenant_id, payload))

struct SealedResult {
    Uuid id;
    TenantId tenant_id;
    RawJson result;
};
BOOST_DESCRIBE_STRUCT(SealedResult, (), (id, tenant_id, result))

struct SealedStep {
    Uuid job_id;
    std::int64_t generation = 0;
    std::string name;
    std::string input_hash;
    TenantId tenant_id;
    RawJson output;
};
BOOST_DESCRIBE_STRUCT(SealedStep, (), (job_id, generation, name, input_hash, tenant_id, output))

constexpr sql::Statement next_payloads{"jobs.next_payloads", R"sql(
    SELECT id, tenant_id, payload FROM job WHERE id > :id ORDER BY id LIMIT :limit)sql"};
constexpr sql::Statement put_payload{
    "jobs.put_payload", "UPDATE job SET payload = :sealed WHERE id = :id AND payload = :payload"
};

constexpr sql::Statement next_results{
    "jobs.next_results", R"sql(
    SELECT id, tenant_id, result FROM job WHERE id > :id AND result IS NOT NULL ORDER BY id LIMIT :limit)sql"
};
constexpr sql::Statement put_result{
    "jobs.put_result", "UPDATE job SET result = :sealed WHERE id = :id AND result = :result"
};

constexpr sql::Statement next_steps{"jobs.next_steps", R"sql(
    SELECT job_id, generation, name, input_hash, tenant_id, output FROM job_step
    WHERE (job_id, generation, name, input_hash) > (:job_id, :generation, :name, :input_hash)
    ORDER BY job_id, generation, name, input_hash LIMIT :limit)sql"};
constexpr sql::Statement put_step{"jobs.put_step", R"sql(
    UPDATE job_step SET output = :sealed
    WHERE job_id = :job_id AND generation = :generation AND name = :name AND input_hash = :input_hash
      AND output = :output)sql"};

Anew as_json(resealing::Resealed done) { return {done.was, sql::JsonText{std::move(done.sealed)}}; }

}  // namespace

Task<resealing::Tally> reseal_payloads(
    sql::Database& database, sql::Access access, PayloadSeal seal
) {
    auto anew = [&seal](const SealedPayload& row) {
        return as_json(seal.reseal(row.tenant_id, row.id, row.payload.text, {}));
    };
    co_return co_await resealing::reseal_rows<SealedPayload>(
        database, access, {next_payloads, put_payload}, anew
    );
}

Task<resealing::Tally> reseal_results(
    sql::Database& database, sql::Access access, PayloadSeal seal
) {
    auto anew = [&seal](const SealedResult& row) {
        return as_json(seal.reseal(row.tenant_id, row.id, row.result.text, result_part));
    };
    co_return co_await resealing::reseal_rows<SealedResult>(
        database, access, {next_results, put_result}, anew
    );
}

Task<resealing::Tally> reseal_steps(sql::Database& database, sql::Access access, PayloadSeal seal) {
    auto anew = [&seal](const SealedStep& row) {
        auto part = step_part(row.name);
        return as_json(seal.reseal(row.tenant_id, row.job_id, row.output.text, part));
    };
    co_return co_await resealing::reseal_rows<SealedStep>(
        database, access, {next_steps, put_step}, anew
    );
}

}  // namespace afterresume::jobs
