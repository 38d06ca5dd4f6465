#include "engine/api/jobs_api.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>

namespace afterresume::jobs {

namespace {

constexpr std::int64_t events_at_once = 500;
constexpr auto look_again_after = std::chrono::milliseconds(250);
// Lines between events, so that proxies keep a quiet stream open.
constexpr int quiet_turns = 60;

struct Progress {
    std::vector<EventView> events;
    bool ended = false;
};

// What came after `after`, and whether nothing more will.
Task<Progress> look(sql::Database& database, Scope scope, JobId id, std::int64_t after) {
    Progress progress;
    auto tx = database.begin(scope, sql::Access::read);
    auto job = co_await get_job(*tx, scope, id);
    progress.events = co_await list_events(*tx, scope, id, after, events_at_once);
    auto over = job.status == Status::success || job.status == Status::failed ||
                job.status == Status::cancelled;
    progress.ended = over && static_cast<std::int64_t>(progress.events.size()) < events_at_once;
    co_return progress;
}

// Server-sent events (WHATWG HTML section 9.2); the id is the seq, so that Last-Event-ID resumes.
Task<void> stream(
    sql::Database& database, Scope scope, JobId id, std::int64_t after, http::BodyWriter& out
) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor);
    for (int quiet = 0; !out.ended();) {
        auto progress = co_await look(database, scope, id, after);
        std::string text;
        for (const auto& event : progress.events) {
            text += fmt::format(
                "id: {}\nevent: job\ndata: {}\n\n", event.seq, describe::to_json(event)
            );
            after = event.seq;
        }
        if (text.empty() && ++quiet % quiet_turns == 0) text = ": still here\n\n";
        if (!text.empty()) co_await out.write(text);
        if (progress.ended) co_return;
        timer.expires_after(look_again_after);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

std::int64_t last_event_id(std::string_view header, std::int64_t otherwise) {
    std::int64_t value = otherwise;
    std::from_chars(header.data(), header.data() + header.size(), value);
    return value;
}

}  // namespace

http::Routes Api::routes() {
    using http::Transaction;
    return {
        get("/api/jobs/", "List your jobs, newest first", Permission::read, &Api::list),
        get("/api/jobs/{id}/", "Read a job with its steps and result", Permission::read,
            &Api::read),
        get("/api/jobs/{id}/events/",
            "Read a job's events, or follow them with Accept: text/event-stream", Permission::read,
            &Api::events)
            .in(Transaction::none)
            .giving({"text/event-stream"}),
        post("/api/jobs/{id}/cancel/", "Cancel a job", Permission::write, &Api::cancel_job),
        post("/api/jobs/{id}/retry/", "Try a failed job again", Permission::write, &Api::retry_job),
    };
}

Task<JobPage> Api::list(http::Call& call, ListJobs query) {
    JobFilter filter{query.status, std::move(query.type), std::move(query.cursor), query.page_size};
    auto page = co_await list_jobs(call.tx(), call.scope(), std::move(filter));
    co_return JobPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<JobView> Api::read(http::Call& call, Uuid id) {
    co_return co_await get_job(call.tx(), call.scope(), id);
}

Task<http::ResponseOf<EventPage>> Api::events(http::Call& call, Uuid id, ListEvents query) {
    auto scope = call.scope();
    if (call.request().header("accept").find("text/event-stream") == std::string_view::npos) {
        auto progress = co_await look(database_, scope, id, query.after);
        EventPage page{std::move(progress.events), std::nullopt};
        if (static_cast<std::int64_t>(page.items.size()) == events_at_once)
            page.next_cursor = std::to_string(page.items.back().seq);
        co_return http::ResponseOf<EventPage>{http::json_response(200, describe::to_json(page))};
    }
    auto after = last_event_id(call.request().header("last-event-id"), query.after);
    // An unknown job is told before the stream begins.
    co_await look(database_, scope, id, INT64_MAX - 1);
    http::Response response;
    response.content_type = "text/event-stream";
    response.compression = http::Compression::never;
    response.stream = [&database = database_, scope, id, after](http::BodyWriter& out) {
        return stream(database, scope, id, after, out);
    };
    co_return http::ResponseOf<EventPage>{std::move(response)};
}

Task<CancelAnswer> Api::cancel_job(http::Call& call, Uuid id) {
    auto status = co_await cancel(call.tx(), call.scope(), id, clock_.now());
    co_return CancelAnswer{id, status};
}

Task<http::Accepted> Api::retry_job(http::Call& call, Uuid id) {
    co_await retry(call.tx(), call.scope(), id, doorbell_, clock_.now());
    co_return http::Accepted{id};
}

}  // namespace afterresume::jobs
