// Jobs and workers as operators see them, across tenants: metadata only. Payloads, results and the
// texts of people and of their events are not among it. For engine transactions.
#pragma once

#include "core/page.h"
#include "engine/jobs/doorbell.h"
#include "engine/jobs/relatives.h"
#include "engine/jobs/step_views.h"

#include <map>

namespace afterresume::jobs {

struct OperatedJob {
    JobId id;
    TenantId tenant_id;
    UserId user_id;
    std::string type;
    Status status = Status::queued;
    // Of an unfinished job.
    std::optional<State> state;
    Trigger trigger = Trigger::api;
    QueueName queue = QueueName::ai;
    std::int64_t priority = 0;
    std::int64_t generation = 1;
    std::int64_t attempts = 0;
    std::int64_t max_attempts = 0;
    std::int64_t rescues = 0;
    std::int64_t unmet = 0;
    bool cancel_requested = false;
    std::optional<Uuid> worker_id;
    std::optional<Timestamp> run_at;
    std::optional<Timestamp> deadline;
    Timestamp created_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    std::optional<FailureKind> error_kind;
    std::optional<std::string> error_code;
    std::optional<JobId> parent_id;
    std::optional<JobId> root_id;
    std::optional<Uuid> batch_id;
    Uuid trace_id;
    Uuid correlation_id;
    // Micro-units.
    std::int64_t cost = 0;
    std::int64_t estimated_cost = 0;
};
BOOST_DESCRIBE_STRUCT(
    OperatedJob, (),
    (id, tenant_id, user_id, type, status, state, trigger, queue, priority, generation, attempts,
     max_attempts, rescues, unmet, cancel_requested, worker_id, run_at, deadline, created_at,
     started_at, finished_at, error_kind, error_code, parent_id, root_id, batch_id, trace_id,
     correlation_id, cost, estimated_cost)
)

struct OperatedEvent {
    std::int64_t seq = 0;
    Timestamp timestamp;
    Level level = Level::info;
    Source source = Source::system;
    // "retry", with what belongs to it as far as it is no text: step, attempt, code…
    std::optional<std::string> event;
    std::optional<std::string> step;
    std::optional<std::int64_t> attempt;
    std::optional<std::string> code;
    std::optional<std::int64_t> duration_ms;
};
BOOST_DESCRIBE_STRUCT(
    OperatedEvent, (), (seq, timestamp, level, source, event, step, attempt, code, duration_ms)
)

struct OperatedWorker {
    Uuid id;
    Timestamp started_at;
    Timestamp lease_until;
    bool draining = false;
    std::optional<Timestamp> died_at;
    // Jobs that it runs.
    std::int64_t running = 0;
    // Of the program; null in a process from before it was written down.
    std::optional<std::string> version;
    JsonObject info;
};
BOOST_DESCRIBE_STRUCT(
    OperatedWorker, (), (id, started_at, lease_until, draining, died_at, running, version, info)
)

// Unfinished jobs of one queue and state.
struct Depth {
    QueueName queue = QueueName::ai;
    State state = State::ready;
    std::int64_t jobs = 0;
    // The least run_at among them: of ready ones, since when one waits.
    Timestamp oldest;
};
BOOST_DESCRIBE_STRUCT(Depth, (), (queue, state, jobs, oldest))

// What became of the jobs of one type that were asked for since a time.
struct Tally {
    std::string type;
    Status status = Status::queued;
    std::int64_t jobs = 0;
};
BOOST_DESCRIBE_STRUCT(Tally, (), (type, status, jobs))

struct OperationFilter {
    std::optional<TenantId> tenant = std::nullopt;
    std::optional<Status> status = std::nullopt;
    std::optional<std::string> type = std::nullopt;
    std::optional<QueueName> queue = std::nullopt;
    // Of the error by which it ended.
    std::optional<std::string> code = std::nullopt;
    std::optional<State> state = std::nullopt;
    // When it was asked for: not before the one, and before the other.
    std::optional<Timestamp> from = std::nullopt;
    std::optional<Timestamp> to = std::nullopt;
    // Of the last job of the page before.
    std::optional<std::string> cursor = std::nullopt;
    std::int64_t page_size = default_page_size;
};

// Newest first. Error invalid "request.bad_cursor".
Task<Page<OperatedJob>> list_all_jobs(sql::Tx& tx, OperationFilter filter);
// Of these statuses, one or two, the oldest first.
Task<std::vector<JobId>> select_any(
    sql::Tx& tx, OperationFilter filter, std::vector<Status> statuses, std::int64_t most
);
// Error not_found.
Task<OperatedJob> get_any_job(sql::Tx& tx, JobId id);
// As its requester sees them: they have no texts.
Task<std::vector<StepView>> list_any_steps(
    sql::Tx& tx, const JobTypes& types, const OperatedJob& job
);
// The events numbered after `after`, at most `limit`.
Task<std::vector<OperatedEvent>> list_any_events(
    sql::Tx& tx, JobId id, std::int64_t after, std::int64_t limit
);
// Those that live, and those whose jobs are not taken back yet.
Task<std::vector<OperatedWorker>> list_workers(sql::Tx& tx);

// In the order of queues and states.
Task<std::vector<Depth>> list_depths(sql::Tx& tx);
// In the order of types and statuses.
Task<std::vector<Tally>> tally_since(sql::Tx& tx, Timestamp since);

// As their requester could: see control.h.
Task<Status> cancel_any(sql::Tx& tx, JobId id, Doorbell& cancels, Timestamp now);
Task<void> retry_any(sql::Tx& tx, JobId id, Doorbell& doorbell, Timestamp now);

}  // namespace afterresume::jobs
