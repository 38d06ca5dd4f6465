#include "engine/jobs/queue.h"

#include "engine/jobs/edges.h"
#include "engine/jobs/keys.h"
#include "engine/jobs/queue_rows.h"

#include <algorithm>
#include <stdexcept>

namespace afterresume::jobs {

namespace {

constexpr sql::Statement insert_header{"jobs.insert_header", R"sql(
    INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id, trace_id,
                     correlation_id, batch_id, max_attempts, deadline, created_at, generation, lease_seq, attempts, cost,
                     estimated_cost, unique_key, unique_by)
    VALUES (:id, :tenant_id, :user_id, :type, :queue, :priority, :triggered_by, :payload, :parent_id, :root_id, :trace_id,
            :correlation_id, :batch_id, :max_attempts, :deadline, :created_at, 1, 0, 0, 0,
            :estimated_cost, :unique_key, :unique_by))sql"};

constexpr sql::Statement insert_hot{"jobs.insert_hot", R"sql(
    INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, unmet, key_held_while_running, deadline,
                         lease_seq, generation, attempts, rescues, event_seq, cancel_requested)
    VALUES (:id, :tenant_id, :type, :queue, :priority, :state, :run_at, :unmet, FALSE, :deadline,
            0, 1, 0, 0, 1, FALSE))sql"};

constexpr sql::Statement insert_unique_hot{"jobs.insert_unique_hot", R"sql(
    INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, unique_key, key_held_while_running, latest_at,
                         deadline, lease_seq, generation, attempts, rescues, event_seq, cancel_requested)
    VALUES (:id, :tenant_id, :type, :queue, :priority, :state, :run_at, :unique_key, :key_held_while_running, :latest_at,
            :deadline, 0, 1, 0, 0, 1, FALSE)
    ON CONFLICT (tenant_id, type, unique_key) WHERE unique_key IS NOT NULL DO NOTHING)sql"};

struct KeyHolder {
    JobId id;
    State state;
    Timestamp run_at;
    std::optional<Timestamp> latest_at;
};
BOOST_DESCRIBE_STRUCT(KeyHolder, (), (id, state, run_at, latest_at))

// The lock is what keeps the holder from beginning: a claim passes locked rows by. Callers share
// it.
constexpr sql::Statement hold_key{"jobs.hold_key", R"sql(
    SELECT id, state, run_at, latest_at FROM job_hot
    WHERE tenant_id = :tenant_id AND type = :type AND unique_key = :unique_key FOR KEY SHARE)sql"};

constexpr sql::Statement move_holder{"jobs.move_holder", R"sql(
    UPDATE job_hot SET state = :state, run_at = :run_at
    WHERE id = :id AND tenant_id = :tenant_id AND state = 'scheduled')sql"};

// Where a waiting holder of the key goes when a second job like `asked` arrives: a debounced one
// later, any other forward; nowhere when it stands well.
std::optional<Timestamp> new_time(const KeyHolder& holder, const Rows& asked) {
    if (holder.state != State::scheduled) return std::nullopt;
    if (asked.latest_at && holder.latest_at) {
        auto later = std::min(asked.run_at, *holder.latest_at);
        return later > holder.run_at ? std::optional(later) : std::nullopt;
    }
    return asked.run_at < holder.run_at ? std::optional(asked.run_at) : std::nullopt;
}

void write_header(sql::Tx& tx, const Rows& rows, Unique unique) {
    auto by = unique == Unique::none ? std::nullopt : std::optional(unique);
    tx.defer(insert_header, rows, sql::named("unique_by", by));
}

// Joins the unfinished job that has the key, if there is one.
Task<std::optional<Enqueued>> join_holder(sql::Tx& tx, const Rows& rows, Timestamp now) {
    auto holder = co_await tx.find<KeyHolder>(hold_key, rows);
    if (!holder) co_return std::nullopt;
    if (auto time = new_time(*holder, rows)) {
        auto state = *time > now ? State::scheduled : State::ready;
        tx.defer(
            move_holder, rows, sql::named("id", holder->id), sql::named("run_at", *time),
            sql::named("state", state)
        );
    }
    co_return Enqueued{holder->id, false};
}

Task<Enqueued> insert_unique(sql::Tx& tx, Rows rows, Unique unique, Timestamp now) {
    // A holder that begins or ends between the two statements leaves the key free: then the insert
    // succeeds.
    for (int tries = 0; tries < 8; ++tries) {
        auto inserted = co_await tx.execute(insert_unique_hot, rows);
        if (inserted == 1) {
            write_header(tx, rows, unique);
            co_return Enqueued{rows.id, true};
        }
        if (auto joined = co_await join_holder(tx, rows, now)) co_return *joined;
    }
    throw_key_busy();
}

Task<Enqueued> insert_within_period(sql::Tx& tx, Rows rows, const Period& period, Timestamp now) {
    Key key{rows.tenant_id, rows.type, rows.unique_key.value()};
    // A holder that ends after it was looked at has an outcome the next time.
    for (int tries = 0; tries < 8; ++tries) {
        auto holder = co_await take_key(tx, rows, period, now);
        if (!holder) {
            auto made = co_await insert_unique(tx, std::move(rows), Unique::within_period, now);
            // One that has not ended although its period is over, or that has none.
            if (!made.fresh) give_key(tx, key, made.id);
            co_return made;
        }
        if (holder->has_ended) co_return Enqueued{holder->id, false};
        if (auto joined = co_await join_holder(tx, rows, now)) co_return *joined;
    }
    throw_key_busy();
}

}  // namespace

Task<Enqueued> Queue::enqueue(sql::Tx& tx, Origin origin, NewJob job) {
    const auto& type = types_.get(job.type);
    if (job.start == Start::debounced && type.unique == Unique::none) {
        throw std::logic_error("only a unique job can be debounced");
    }
    if (!job.after.empty() && type.unique != Unique::none) {
        throw std::logic_error("a unique job comes after no other");
    }
    auto now = clock_.now();
    auto after = std::move(job.after);
    auto rows = rows_of(type, types_.seal(), origin, std::move(job), now);
    if (!after.empty()) {
        auto linked = co_await link(tx, rows.tenant_id, rows.id, after);
        rows.wait_behind(linked.unmet);
        if (!rows.parent_id) {
            rows.parent_id = after.front().job;
            rows.root_id = linked.root;
        }
    }
    if (rows.state == State::ready) ring_after(tx, {rows.queue, rows.tenant_id});
    if (type.unique == Unique::within_period)
        co_return co_await insert_within_period(tx, std::move(rows), type.period, now);
    if (rows.unique_key) co_return co_await insert_unique(tx, std::move(rows), type.unique, now);
    write_header(tx, rows, type.unique);
    tx.defer(insert_hot, rows);
    co_return Enqueued{rows.id, true};
}

std::string Queue::given(const Claimed& job) const {
    return types_.seal().open(job.tenant_id, job.id, job.payload);
}

void Queue::ring_after(sql::Tx& tx, Spot where) {
    tx.after_commit([&doorbell = doorbell_, where] { doorbell.ring(where); });
}

}  // namespace afterresume::jobs
