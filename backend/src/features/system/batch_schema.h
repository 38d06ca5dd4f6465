// Many jobs that operators cancel or try again by one call, over the wire.
#pragma once

#include "core/describe/notes.h"
#include "engine/inspect.h"

namespace afterresume::system {

enum class JobsOp : std::uint8_t { cancel, retry };
BOOST_DESCRIBE_ENUM(JobsOp, cancel, retry)

struct JobsFilter {
    std::optional<TenantId> tenant_id;
    std::optional<jobs::Status> status;
    std::optional<std::string> type;
    std::optional<jobs::QueueName> queue;
    std::optional<std::string> code;
};
BOOST_DESCRIBE_STRUCT(JobsFilter, (), (tenant_id, status, type, queue, code))

constexpr auto notes(JobsFilter*) {
    using namespace describe;
    return std::tuple{
        note(&JobsFilter::tenant_id, "Only jobs of this tenant"),
        note(
            &JobsFilter::status,
            "Only jobs of this status; without it, all unfinished ones are cancelled, and all "
            "failed ones tried again"
        ),
        note(&JobsFilter::type, "Only jobs of this type", length{1, 100}),
        note(&JobsFilter::queue, "Only jobs of this queue"),
        note(
            &JobsFilter::code, "Only jobs that ended by this error, as job.worker_died",
            length{1, 100}
        ),
    };
}

struct ChangeJobs {
    JobsOp op = JobsOp::cancel;
    std::optional<std::vector<Uuid>> ids;
    std::optional<JobsFilter> filter;
};
BOOST_DESCRIBE_STRUCT(ChangeJobs, (), (op, ids, filter))

constexpr auto notes(ChangeJobs*) {
    using namespace describe;
    return std::tuple{
        note(&ChangeJobs::op, "What is done to each"),
        note(&ChangeJobs::ids, "Jobs of any tenants; ids or a filter", count{1, 1'000}),
        note(&ChangeJobs::filter, "The oldest thousand of these"),
    };
}

struct ChangedJobs {
    JobsOp op = JobsOp::cancel;
    std::vector<jobs::BatchItem> items;
    std::int64_t succeeded = 0;
    std::int64_t failed = 0;
    // The filter may match more than these.
    bool more = false;
};
BOOST_DESCRIBE_STRUCT(ChangedJobs, (), (op, items, succeeded, failed, more))

}  // namespace afterresume::system
