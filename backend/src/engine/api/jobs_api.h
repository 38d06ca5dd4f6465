// Jobs over HTTP: what became of work, live if wanted.
#pragma once

#include "engine/api/batch.h"
#include "engine/api/event_stream.h"
#include "engine/jobs/control.h"
#include "engine/jobs/invariants.h"
#include "infra/http/route.h"

namespace afterresume::jobs {

struct ListJobs {
    std::optional<Status> status;
    std::optional<std::string> type;
    std::optional<Uuid> batch_id;
    std::optional<std::string> cursor;
    std::int64_t page_size = default_page_size;
};
BOOST_DESCRIBE_STRUCT(ListJobs, (), (status, type, batch_id, cursor, page_size))

constexpr auto notes(ListJobs*) {
    using namespace describe;
    return std::tuple{
        note(&ListJobs::status, "Only jobs of this status"),
        note(&ListJobs::type, "Only jobs of this type, as report.generate", length{1, 100}),
        note(&ListJobs::batch_id, "Only jobs that this batch enqueued"),
        note(&ListJobs::cursor, "next_cursor of the page before", length{1, 100}),
        note(&ListJobs::page_size, "Jobs on a page", range{1, largest_page_size}),
    };
}

struct JobPage {
    std::vector<JobView> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(JobPage, (), (items, next_cursor))

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

struct EventPage {
    std::vector<EventView> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(EventPage, (), (items, next_cursor))

struct CancelJob {
    std::optional<bool> descendants;
};
BOOST_DESCRIBE_STRUCT(CancelJob, (), (descendants))

constexpr auto notes(CancelJob*) {
    using namespace describe;
    return std::tuple{
        note(&CancelJob::descendants, "Cancel all that it led to, too, though it may have ended")
    };
}

struct CancelAnswer {
    JobId id;
    Status status = Status::queued;
};
BOOST_DESCRIBE_STRUCT(CancelAnswer, (), (id, status))

struct Checked {
    std::vector<Violation> violations;
};
BOOST_DESCRIBE_STRUCT(Checked, (), (violations))

class Api : public http::Controller<Api> {
public:
    // `is_paused` is asked whether workers begin nothing at the moment, see workers::Parts.
    Api(sql::Database& database, BatchParts parts, RequireRoom require_room,
        std::function<Task<bool>()> is_paused)
        : database_(database),
          parts_(parts),
          require_room_(std::move(require_room)),
          is_paused_(std::move(is_paused)),
          streams_(database) {}
    http::Routes routes();

private:
    Task<JobPage> list(http::Call& call, ListJobs query);
    Task<JobView> read(http::Call& call, Uuid id);
    Task<http::ResponseOf<EventPage>> events(http::Call& call, Uuid id, ListEvents query);
    Task<Checked> check(http::Call& call);
    Task<BatchResult> batch(http::Call& call, Batch body);
    Task<CancelAnswer> cancel_job(http::Call& call, Uuid id, CancelJob body);
    Task<http::Accepted> retry_job(http::Call& call, Uuid id);

    sql::Database& database_;
    BatchParts parts_;
    RequireRoom require_room_;
    std::function<Task<bool>()> is_paused_;
    EventStreams streams_;
};

}  // namespace afterresume::jobs
