// Keys that jobs hold for a period, ended or not. The rows outlive the jobs and their weeks. Of the
// queue and of whoever tries a job again.
#pragma once

#include "engine/jobs/job_types.h"
#include "engine/jobs/queue_rows.h"
#include "infra/sql/database.h"

namespace afterresume::jobs {

struct Key {
    TenantId tenant_id;
    std::string type;
    std::string unique_key;
};
BOOST_DESCRIBE_STRUCT(Key, (), (tenant_id, type, unique_key))

// The job that a key belongs to, for now.
struct Holder {
    JobId id;
    bool has_ended = false;
};

// The key is held until the transaction ends, whoever has it then: the job of `asked` when this
// gives none. Error unavailable "jobs.key_busy".
Task<std::optional<Holder>> take_key(
    sql::Tx& tx, const Rows& asked, const Period& period, Timestamp now
);
// The key goes to a job that is there already, unless it is another's: then that one. A key whose
// row is gone is nobody's.
Task<std::optional<Holder>> take_back_key(sql::Tx& tx, const Key& key, JobId job, Timestamp now);
// For whoever holds the key.
void give_key(sql::Tx& tx, const Key& key, JobId job);

[[noreturn]] void throw_key_busy();

// Removes keys whose period is over, at most `most`; how many. For engine transactions.
Task<std::int64_t> forget_keys(sql::Tx& tx, Timestamp now, std::int64_t most);

}  // namespace afterresume::jobs
