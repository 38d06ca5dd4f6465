#include "engine/api/event_stream.h"

#include "core/describe/writer.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::jobs {

namespace {

std::string text_of(const std::vector<EventView>& events) {
    std::string text;
    for (const auto& event : events)
        text +=
            fmt::format("id: {}\nevent: job\ndata: {}\n\n", event.seq, describe::to_json(event));
    return text;
}

}  // namespace

// One of the streams that may be open; from the answer on, whether it is ever written or not.
class EventStreams::Place {
public:
    explicit Place(std::shared_ptr<std::size_t> open) : open_(std::move(open)) { ++*open_; }
    ~Place() { --*open_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    std::shared_ptr<std::size_t> open_;
};

Task<Told> EventStreams::look(Scope scope, JobId id, std::int64_t after) {
    auto tx = database_.begin(scope, sql::Access::read);
    auto told = co_await list_events(*tx, scope, id, after, events_at_once);
    co_return told;
}

Task<http::Response> EventStreams::follow(Scope scope, JobId id, std::int64_t after) {
    auto told = co_await look(scope, id, after);
    http::Response response;
    if (told.over && told.events.empty()) {
        response.status = 204;
        co_return response;
    }
    if (*open_ >= pace_.most) {
        throw Error(
            ErrorKind::unavailable, "job.too_many_streams", "Too many follow their jobs right now."
        )
            .retry_after(5);
    }
    response.content_type = "text/event-stream";
    response.compression = http::Compression::never;
    response.stream = [this, place = std::make_shared<Place>(open_), scope, id,
                       after](http::BodyWriter& out) { return tell(place, scope, id, after, out); };
    co_return response;
}

Task<void> EventStreams::tell(
    std::shared_ptr<Place> place, Scope scope, JobId id, std::int64_t after, http::BodyWriter& out
) {
    using Steady = std::chrono::steady_clock;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    out.on_end([&timer] { timer.cancel(); });
    auto written = Steady::now();
    while (!out.ended()) {
        auto told = co_await look(scope, id, after);
        auto text = text_of(told.events);
        if (text.empty() && Steady::now() - written >= pace_.heartbeat) text = ": still here\n\n";
        if (!told.events.empty()) after = told.events.back().seq;
        if (!text.empty()) {
            co_await out.write(text);
            written = Steady::now();
        }
        if (told.over) co_return;
        if (static_cast<std::int64_t>(told.events.size()) == events_at_once || out.ended())
            continue;
        timer.expires_after(pace_.look);
        boost::system::error_code woken;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
}

}  // namespace afterresume::jobs
