#include "engine/jobs/keys.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

// Waits for whoever is about to take the same key.
constexpr sql::Statement insert_key{"jobs.insert_key", R"sql(
    INSERT INTO job_key (tenant_id, type, unique_key, user_id, job_id, until, counted)
    VALUES (:tenant_id, :type, :unique_key, :user_id, :id, :until, :counted)
    ON CONFLICT (tenant_id, type, unique_key) DO NOTHING)sql"};

constexpr sql::Statement lock_key{"jobs.lock_key", R"sql(
    SELECT job_id, until, counted FROM job_key
    WHERE tenant_id = :tenant_id AND type = :type AND unique_key = :unique_key FOR UPDATE)sql"};

constexpr sql::Statement renew_key{"jobs.renew_key", R"sql(
    UPDATE job_key SET user_id = :user_id, job_id = :id, until = :until, counted = :counted
    WHERE tenant_id = :tenant_id AND type = :type AND unique_key = :unique_key)sql"};

struct KeyRow {
    JobId job_id;
    Timestamp until;
    std::vector<Status> counted;
};
BOOST_DESCRIBE_STRUCT(KeyRow, (), (job_id, until, counted))

struct Outcome {
    std::optional<Status> status;
};
BOOST_DESCRIBE_STRUCT(Outcome, (), (status))

// For who holds the row: the statement after the lock sees what the last holder committed.
Task<std::optional<Holder>> holder_by(sql::Tx& tx, KeyRow row, TenantId tenant, Timestamp now) {
    static constexpr sql::Statement statement{
        "jobs.outcome_of", "SELECT status FROM job WHERE id = :id AND tenant_id = :tenant_id"
    };
    auto job = co_await tx.find<Outcome>(
        statement, sql::named("id", row.job_id), sql::named("tenant_id", tenant)
    );
    if (job && !job->status) co_return Holder{row.job_id, false};
    if (row.until <= now) co_return std::nullopt;
    // How one ended of which nothing is left is not known.
    auto counts = !job || std::ranges::find(row.counted, *job->status) != row.counted.end();
    co_return counts ? std::optional(Holder{row.job_id, true}) : std::nullopt;
}

}  // namespace

Task<std::optional<Holder>> take_key(
    sql::Tx& tx, const Rows& asked, const Period& period, Timestamp now
) {
    auto until = sql::named("until", now + period.length);
    auto counted = sql::named("counted", period.counted);
    // A row that is removed between the two statements leaves the key to the next insert.
    for (int tries = 0; tries < 8; ++tries) {
        if (co_await tx.execute(insert_key, asked, until, counted) == 1) co_return std::nullopt;
        auto row = co_await tx.find<KeyRow>(lock_key, asked);
        if (!row) continue;
        auto holder = co_await holder_by(tx, std::move(*row), asked.tenant_id, now);
        if (!holder) tx.defer(renew_key, asked, until, counted);
        co_return holder;
    }
    throw_key_busy();
}

Task<std::optional<Holder>> take_back_key(sql::Tx& tx, const Key& key, JobId job, Timestamp now) {
    auto row = co_await tx.find<KeyRow>(lock_key, key);
    if (!row || row->job_id == job) co_return std::nullopt;
    auto holder = co_await holder_by(tx, std::move(*row), key.tenant_id, now);
    if (!holder) give_key(tx, key, job);
    co_return holder;
}

void give_key(sql::Tx& tx, const Key& key, JobId job) {
    static constexpr sql::Statement statement{
        "jobs.give_key", R"sql(
        UPDATE job_key SET job_id = job.id, user_id = job.user_id
        FROM job
        WHERE job.id = :id AND job.tenant_id = :tenant_id
          AND job_key.tenant_id = :tenant_id AND job_key.type = :type AND job_key.unique_key = :unique_key)sql"
    };
    tx.defer(statement, key, sql::named("id", job));
}

void throw_key_busy() {
    throw Error(
        ErrorKind::unavailable, "jobs.key_busy", "Too much is going on at once; try again."
    );
}

Task<std::int64_t> forget_keys(sql::Tx& tx, Timestamp now, std::int64_t most) {
    // Looked at again behind whoever renews one meanwhile.
    static constexpr sql::Statement statement{"jobs.forget_keys", R"sql(
        DELETE FROM job_key WHERE until <= :now AND (tenant_id, type, unique_key) IN (
            SELECT tenant_id, type, unique_key FROM job_key WHERE until <= :now LIMIT :most))sql"};
    return tx.execute(statement, sql::named("now", now), sql::named("most", most));
}

}  // namespace afterresume::jobs
