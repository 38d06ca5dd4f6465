// A job's events as they come, as server-sent events (WHATWG HTML, section 9.2): the id is the seq,
// so that Last-Event-ID resumes; it ends after the last. It reads the database, so that it tells
// whatever process the job runs in.
#pragma once

#include "engine/jobs/inspection.h"
#include "infra/http/message.h"

#include <memory>

namespace afterresume::jobs {

struct StreamPace {
    std::chrono::milliseconds look{250};
    // Between lines that keep a quiet connection open.
    std::chrono::milliseconds heartbeat{15'000};
    // Open at the same time in this process.
    std::size_t most = 500;
};

class EventStreams {
public:
    explicit EventStreams(sql::Database& database, StreamPace pace = {})
        : database_(database), pace_(pace) {}

    // The answer that follows the job from the event after `after`; 204, at which browsers stop
    // asking, when nothing is left to tell. Throws Error not_found for another user's job as for
    // none, and unavailable "job.too_many_streams".
    Task<http::Response> follow(Scope scope, JobId id, std::int64_t after);

private:
    class Place;
    Task<Told> look(Scope scope, JobId id, std::int64_t after);
    Task<void> tell(
        std::shared_ptr<Place> place, Scope scope, JobId id, std::int64_t after,
        http::BodyWriter& out
    );

    sql::Database& database_;
    StreamPace pace_;
    // Shared with what is still being written when this goes.
    std::shared_ptr<std::size_t> open_ = std::make_shared<std::size_t>(0);
};

}  // namespace afterresume::jobs
