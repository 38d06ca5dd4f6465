// Many jobs that operators cancel or try again by one call, over the wire.
#pragma once

#include "core/describe/notes.h"
#include "engine/inspect.h"

namespace afterresume::system {

enum class JobsOp : std::uint8_t { cancel, retry };
BOOST_DESCRIBE_ENUM(JobsOp, cancel, retry)

struct JobsFilter : jobs::BatchFilter {
    std::optional<TenantId> tenant_id;
};
BOOST_DESCRIBE_STRUCT(JobsFilter, (jobs::BatchFilter), (tenant_id))

constexpr auto notes(JobsFilter*) {
    return std::tuple{describe::note(&JobsFilter::tenant_id, "Only jobs of this tenant")};
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
