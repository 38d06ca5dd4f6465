// Jobs as their requester reads them. Every call shows the jobs of the scope's own user only.
#pragma once

#include "core/page.h"
#include "engine/jobs/job_types.h"
#include "engine/jobs/relatives.h"
#include "engine/jobs/step_views.h"
#include "engine/jobs/timeline.h"

namespace afterresume::jobs {

struct JobView {
    JobId id;
    std::string type;
    Status status = Status::queued;
    Trigger trigger = Trigger::api;
    QueueName queue = QueueName::ai;
    std::int64_t priority = 0;
    // Percent, and a sentence once there is one.
    std::int64_t progress = 0;
    std::optional<std::string> progress_message;
    std::optional<Json> result;
    // There is one, sealed with a key that is not there any more.
    bool result_unreadable = false;
    std::optional<Failure> error;
    std::int64_t attempts = 0;
    std::int64_t retry_count = 0;
    Timestamp created_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    std::optional<JobId> parent_id;
    std::optional<JobId> root_id;
    std::optional<Uuid> batch_id;
    std::string trace_id;
    std::int64_t cost = 0;
    std::int64_t estimated_cost = 0;
    std::vector<StepView> steps;
    std::vector<Relative> parents;
    std::vector<Relative> children;
};
BOOST_DESCRIBE_STRUCT(
    JobView, (),
    (id, type, status, trigger, queue, priority, progress, progress_message, result,
     result_unreadable, error, attempts, retry_count, created_at, started_at, finished_at,
     parent_id, root_id, batch_id, trace_id, cost, estimated_cost, steps, parents, children)
)

constexpr auto notes(JobView*) {
    using namespace describe;
    return std::tuple{
        note(&JobView::cost, "What its steps have cost, in micro-units"),
        note(
            &JobView::estimated_cost,
            "What it was expected to cost, in micro-units; tenants take turns by it"
        ),
    };
}

struct JobFilter {
    std::optional<Status> status = std::nullopt;
    std::optional<std::string> type = std::nullopt;
    std::optional<Uuid> batch_id = std::nullopt;
    // Of the last job of the page before.
    std::optional<std::string> cursor = std::nullopt;
    std::int64_t page_size = default_page_size;
    // Lets the list look among the newest weeks before it looks at all.
    std::optional<Timestamp> now = std::nullopt;
};

// Where a page begins that follows one whose cursor this is: jobs before it are on it. Past all
// jobs without a cursor. Error invalid "request.bad_cursor".
JobId place_of(const std::optional<std::string>& cursor);

// Error not_found for another user's job as for none.
Task<JobView> get_job(sql::Tx& tx, Scope scope, const JobTypes& types, JobId id);
// Newest first, without steps and relatives. Error invalid "request.bad_cursor".
Task<Page<JobView>> list_jobs(sql::Tx& tx, Scope scope, const PayloadSeal& seal, JobFilter filter);
// The events numbered after `after`, at most `limit`; what is told of a job is read in such parts.
// Error not_found as above.
inline constexpr std::int64_t events_at_once = 500;
Task<Told> list_events(sql::Tx& tx, Scope scope, JobId id, std::int64_t after, std::int64_t limit);

}  // namespace afterresume::jobs
