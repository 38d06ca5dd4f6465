// Up to a thousand jobs enqueued, cancelled or tried again by one call, each taken or refused by
// itself; those that are taken, in one transaction.
#pragma once

#include "engine/jobs/inspection.h"
#include "engine/jobs/queue.h"

namespace afterresume::jobs {

enum class BatchOp : std::uint8_t { enqueue, cancel, retry };
BOOST_DESCRIBE_ENUM(BatchOp, enqueue, cancel, retry)

struct BatchJob {
    std::string type;
    std::optional<JsonObject> payload;
    std::optional<std::int64_t> priority;
    std::optional<Timestamp> run_at;
};
BOOST_DESCRIBE_STRUCT(BatchJob, (), (type, payload, priority, run_at))

constexpr auto notes(BatchJob*) {
    using namespace describe;
    return std::tuple{
        note(&BatchJob::type, "One that people may ask for, as report.generate", length{1, 100}),
        note(&BatchJob::payload, "As the type wants it; {} when absent"),
        note(&BatchJob::priority, "Lower goes first; the type's own when absent", range{0, 3}),
        note(&BatchJob::run_at, "Not before"),
    };
}

struct BatchFilter {
    std::optional<Status> status;
    std::optional<std::string> type;
    std::optional<QueueName> queue;
    std::optional<std::string> code;
};
BOOST_DESCRIBE_STRUCT(BatchFilter, (), (status, type, queue, code))

constexpr auto notes(BatchFilter*) {
    using namespace describe;
    return std::tuple{
        note(
            &BatchFilter::status,
            "Only jobs of this status; without it, all unfinished ones are cancelled, and all "
            "failed ones tried again"
        ),
        note(&BatchFilter::type, "Only jobs of this type", length{1, 100}),
        note(&BatchFilter::queue, "Only jobs of this queue"),
        note(
            &BatchFilter::code, "Only jobs that ended by this error, as job.worker_died",
            length{1, 100}
        ),
    };
}

struct Batch {
    BatchOp op = BatchOp::enqueue;
    std::optional<std::vector<Uuid>> ids;
    std::optional<BatchFilter> filter;
    std::optional<std::vector<Unread<BatchJob>>> items;
};
BOOST_DESCRIBE_STRUCT(Batch, (), (op, ids, filter, items))

constexpr auto notes(Batch*) {
    using namespace describe;
    return std::tuple{
        note(&Batch::op, "enqueue takes items; cancel and retry take ids or a filter"),
        note(&Batch::ids, "Jobs of yours", count{1, 1'000}),
        note(&Batch::filter, "Jobs of yours, the oldest thousand of them"),
        note(&Batch::items, "Jobs to enqueue", count{1, 1'000}),
    };
}

struct BatchProblem {
    std::string code;
    std::string message;
    std::vector<std::string> fields;
};
BOOST_DESCRIBE_STRUCT(BatchProblem, (), (code, message, fields))

struct BatchItem {
    std::int64_t index = 0;
    // 202 will be done, or asked to stop; 200 there already, or cancelled; else as for a single
    // call.
    std::int64_t status = 202;
    std::optional<JobId> id;
    std::optional<BatchProblem> error;
};
BOOST_DESCRIBE_STRUCT(BatchItem, (), (index, status, id, error))

struct Taken {
    JobId id;
    std::int64_t status = 202;
};
// Each by itself: what is wrong with one leaves the others as they are. In the order of their ids,
// so that two that change the same jobs do not wait for each other; results in the order given.
Task<std::vector<BatchItem>> change_each(
    std::vector<JobId> ids, std::function<Task<Taken>(JobId id)> change
);

struct BatchResult {
    // On every job that the batch enqueued.
    Uuid batch_id;
    BatchOp op = BatchOp::enqueue;
    std::vector<BatchItem> items;
    std::int64_t succeeded = 0;
    std::int64_t failed = 0;
    // The filter may match more than these.
    bool more = false;
};
BOOST_DESCRIBE_STRUCT(BatchResult, (), (batch_id, op, items, succeeded, failed, more))

// What batches stand on; must outlive them.
struct BatchParts {
    const JobTypes& types;
    Queue& queue;
    // Ring when a job is ready again, and when a running one was asked to stop.
    Doorbell& doorbell;
    Doorbell& cancels;
    const Clock& clock;
};
// Throws Error(invalid, "request.invalid") when the operation is given what it does not take.
Task<BatchResult> run_batch(sql::Tx& tx, Scope scope, BatchParts parts, Batch batch);

}  // namespace afterresume::jobs
