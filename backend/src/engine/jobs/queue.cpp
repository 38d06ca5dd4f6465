#include "engine/jobs/queue.h"

#include <algorithm>
#include <stdexcept>

namespace afterresume::jobs {

namespace {

// Both rows of a new job; what both statements below are bound from.
struct Rows {
    JobId id;
    TenantId tenant_id;
    UserId user_id;
    std::string type;
    QueueName queue;
    std::int16_t priority;
    Trigger triggered_by;
    sql::JsonText payload;
    std::optional<JobId> parent_id;
    std::optional<JobId> root_id;
    Uuid trace_id;
    Uuid correlation_id;
    std::int16_t max_attempts;
    std::optional<Timestamp> deadline;
    Timestamp created_at;
    State state;
    Timestamp run_at;
    std::optional<std::string> unique_key;
    bool key_held_while_running;
    std::optional<Timestamp> latest_at;
};
BOOST_DESCRIBE_STRUCT(
    Rows, (),
    (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id,
     trace_id, correlation_id, max_attempts, deadline, created_at, state, run_at, unique_key,
     key_held_while_running, latest_at)
)

constexpr sql::Statement insert_header{"jobs.insert_header", R"sql(
    INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id, trace_id,
                     correlation_id, max_attempts, deadline, created_at, generation, lease_seq, attempts, cost)
    VALUES (:id, :tenant_id, :user_id, :type, :queue, :priority, :triggered_by, :payload, :parent_id, :root_id, :trace_id,
            :correlation_id, :max_attempts, :deadline, :created_at, 1, 0, 0, 0))sql"};

constexpr sql::Statement insert_hot{
    "jobs.insert_hot", R"sql(
    INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, key_held_while_running, deadline, lease_seq,
                         generation, attempts, rescues, event_seq, cancel_requested)
    VALUES (:id, :tenant_id, :type, :queue, :priority, :state, :run_at, FALSE, :deadline, 0, 1, 0, 0, 1, FALSE))sql"
};

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

constexpr sql::Statement insert_headers{
    "jobs.insert_headers",
    R"sql(
    INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id, trace_id,
                     correlation_id, max_attempts, deadline, created_at, generation, lease_seq, attempts, cost)
    SELECT new.id, :tenant_id, :user_id, :type, :queue, :priority, :triggered_by, new.payload, :parent_id, :root_id,
           new.trace_id, new.correlation_id, :max_attempts, NULL, :created_at, 1, 0, 0, 0
    FROM jsonb_to_recordset(:items) AS new(id uuid, trace_id uuid, correlation_id uuid, payload jsonb))sql",
    R"sql(
    INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, parent_id, root_id, trace_id,
                     correlation_id, max_attempts, deadline, created_at, generation, lease_seq, attempts, cost)
    SELECT value ->> '$.id', :tenant_id, :user_id, :type, :queue, :priority, :triggered_by, value ->> '$.payload', :parent_id,
           :root_id, value ->> '$.trace_id', value ->> '$.correlation_id', :max_attempts, NULL, :created_at, 1, 0, 0, 0
    FROM json_each(:items))sql"
};

constexpr sql::Statement insert_hots{
    "jobs.insert_hots",
    R"sql(
    INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, key_held_while_running, lease_seq,
                         generation, attempts, rescues, event_seq, cancel_requested)
    SELECT new.id, :tenant_id, :type, :queue, :priority, 'ready', :run_at, FALSE, 0, 1, 0, 0, 1, FALSE
    FROM jsonb_to_recordset(:items) AS new(id uuid))sql",
    R"sql(
    INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, key_held_while_running, lease_seq,
                         generation, attempts, rescues, event_seq, cancel_requested)
    SELECT value ->> '$.id', :tenant_id, :type, :queue, :priority, 'ready', :run_at, FALSE, 0, 1, 0, 0, 1, FALSE
    FROM json_each(:items))sql"
};

Uuid or_else(const Uuid& id, const JobId& job) { return id == Uuid{} ? job : id; }

Rows rows_of(const JobType& type, const Origin& origin, NewJob job, Timestamp now) {
    auto id = Uuid::at(now.time_since_epoch().count());
    Rows rows{
        id,
        origin.tenant,
        origin.user,
        type.name,
        type.queue,
        job.priority.value_or(type.priority),
        origin.trigger,
        {std::move(job.payload)},
        origin.parent,
        origin.root,
        or_else(origin.trace_id, id),
        or_else(origin.correlation_id, id),
        type.max_attempts,
        job.deadline,
        now,
        State::ready,
        now,
        std::nullopt,
        type.unique == Unique::while_unfinished,
        std::nullopt
    };
    if (type.unique != Unique::none)
        rows.unique_key = job.key ? std::move(*job.key) : std::to_string(origin.user.value);
    if (job.run_at) {
        rows.run_at = *job.run_at;
    } else if (job.start == Start::debounced) {
        rows.run_at = now + type.debounce.quiet;
        rows.latest_at = now + type.debounce.longest;
    }
    if (rows.run_at > now) rows.state = State::scheduled;
    return rows;
}

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

}  // namespace

Task<Enqueued> Queue::enqueue(sql::Tx& tx, Origin origin, NewJob job) {
    const auto& type = types_.get(job.type);
    if (job.start == Start::debounced && type.unique == Unique::none) {
        throw std::logic_error("only a unique job can be debounced");
    }
    auto now = clock_.now();
    auto rows = rows_of(type, origin, std::move(job), now);
    if (rows.state == State::ready) ring_after(tx);
    if (!rows.unique_key) {
        tx.defer(insert_header, rows);
        tx.defer(insert_hot, rows);
        co_return Enqueued{rows.id, true};
    }
    // A holder that begins or ends between the two statements leaves the key free: then the insert
    // succeeds.
    for (int tries = 0; tries < 8; ++tries) {
        auto inserted = co_await tx.execute(insert_unique_hot, rows);
        if (inserted == 1) {
            tx.defer(insert_header, rows);
            co_return Enqueued{rows.id, true};
        }
        auto holder = co_await tx.find<KeyHolder>(hold_key, rows);
        if (!holder) continue;
        if (auto time = new_time(*holder, rows)) {
            auto state = *time > now ? State::scheduled : State::ready;
            tx.defer(
                move_holder, rows, sql::named("id", holder->id), sql::named("run_at", *time),
                sql::named("state", state)
            );
        }
        co_return Enqueued{holder->id, false};
    }
    throw Error(
        ErrorKind::unavailable, "jobs.key_busy", "Too much is going on at once; try again."
    );
}

std::vector<JobId> Queue::enqueue_all(
    sql::Tx& tx, const Origin& origin, std::string_view type_name,
    const std::vector<std::string>& payloads
) {
    const auto& type = types_.get(type_name);
    if (type.unique != Unique::none) throw std::logic_error("unique jobs are enqueued one by one");
    if (payloads.empty()) return {};
    auto now = clock_.now();
    auto rows = rows_of(type, origin, NewJob{type.name}, now);
    std::vector<JobId> ids;
    std::string items;
    for (const auto& payload : payloads) {
        auto id = ids.emplace_back(Uuid::at(now.time_since_epoch().count()));
        items += fmt::format(
            R"({}{{"id":"{}","trace_id":"{}","correlation_id":"{}","payload":{}}})",
            items.empty() ? "[" : ",", id.text(), or_else(origin.trace_id, id).text(),
            or_else(origin.correlation_id, id).text(), payload
        );
    }
    items += ']';
    sql::JsonText list{std::move(items)};
    tx.defer(insert_headers, rows, sql::named("items", list));
    tx.defer(insert_hots, rows, sql::named("items", list));
    ring_after(tx);
    return ids;
}

void Queue::ring_after(sql::Tx& tx) {
    tx.after_commit([&doorbell = doorbell_] { doorbell.ring(); });
}

}  // namespace afterresume::jobs
