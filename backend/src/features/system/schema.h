// What operators ask and read, over the wire. Metadata only: no payloads, results, names or texts,
// but to whom has broken the glass.
#pragma once

#include "core/describe/notes.h"
#include "core/page.h"
#include "engine/inspect.h"
#include "features/auditing/model.h"
#include "features/system/break_glass_schema.h"
#include "features/system/model.h"

namespace afterresume::system {

struct Overview {
    std::vector<jobs::Depth> queues;
    // Jobs that were asked for within the last hour.
    std::vector<jobs::Tally> last_hour;
    std::int64_t workers = 0;
};
BOOST_DESCRIBE_STRUCT(Overview, (), (queues, last_hour, workers))

struct ListJobs {
    std::optional<TenantId> tenant_id;
    std::optional<jobs::Status> status;
    std::optional<jobs::State> state;
    std::optional<std::string> type;
    std::optional<jobs::QueueName> queue;
    std::optional<std::string> code;
    std::optional<Timestamp> from;
    std::optional<Timestamp> to;
    std::optional<std::string> cursor;
    std::int64_t page_size = default_page_size;
};
BOOST_DESCRIBE_STRUCT(
    ListJobs, (), (tenant_id, status, state, type, queue, code, from, to, cursor, page_size)
)

constexpr auto notes(ListJobs*) {
    using namespace describe;
    return std::tuple{
        note(&ListJobs::tenant_id, "Only jobs of this tenant"),
        note(&ListJobs::status, "Only jobs of this status"),
        note(&ListJobs::state, "Only jobs that have not ended and are in this state"),
        note(&ListJobs::type, "Only jobs of this type, as report.generate", length{1, 100}),
        note(&ListJobs::queue, "Only jobs of this queue"),
        note(
            &ListJobs::code, "Only jobs that ended by this error, as job.worker_died",
            length{1, 100}
        ),
        note(&ListJobs::from, "Only jobs that were asked for at this time or later"),
        note(&ListJobs::to, "Only jobs that were asked for before this time"),
        note(&ListJobs::cursor, "next_cursor of the page before", length{1, 100}),
        note(&ListJobs::page_size, "Jobs on a page", range{1, largest_page_size}),
    };
}

struct ListMore {
    std::optional<std::string> cursor;
    std::int64_t page_size = default_page_size;
};
BOOST_DESCRIBE_STRUCT(ListMore, (), (cursor, page_size))

constexpr auto notes(ListMore*) {
    using namespace describe;
    return std::tuple{
        note(&ListMore::cursor, "next_cursor of the page before", length{1, 100}),
        note(&ListMore::page_size, "Items on a page", range{1, largest_page_size}),
    };
}

struct ListEvents {
    std::int64_t after = 0;
};
BOOST_DESCRIBE_STRUCT(ListEvents, (), (after))

constexpr auto notes(ListEvents*) {
    using namespace describe;
    return std::tuple{
        note(&ListEvents::after, "Only events with a greater seq", range{0, INT64_MAX})
    };
}

struct JobPage {
    std::vector<jobs::OperatedJob> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(JobPage, (), (items, next_cursor))

struct Job : jobs::OperatedJob {
    std::vector<jobs::StepView> steps;
    std::vector<jobs::Relative> parents;
    std::vector<jobs::Relative> children;
    // To whom has broken the glass of its tenant.
    std::optional<JobContent> content;
};
BOOST_DESCRIBE_STRUCT(Job, (jobs::OperatedJob), (steps, parents, children, content))

struct EventPage {
    std::vector<jobs::OperatedEvent> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(EventPage, (), (items, next_cursor))

// A job after an act; one that was cancelled and still runs has been asked to stop.
struct JobNow {
    jobs::JobId id;
    jobs::Status status = jobs::Status::queued;
};
BOOST_DESCRIBE_STRUCT(JobNow, (), (id, status))

struct Workers {
    std::vector<jobs::OperatedWorker> items;
};
BOOST_DESCRIBE_STRUCT(Workers, (), (items))

struct SchedulePage {
    std::vector<schedules::OperatedSchedule> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(SchedulePage, (), (items, next_cursor))

struct ActPage {
    std::vector<OperatorAct> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ActPage, (), (items, next_cursor))

struct TrailPage {
    std::vector<auditing::TrailEvent> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(TrailPage, (), (items, next_cursor))

}  // namespace afterresume::system
