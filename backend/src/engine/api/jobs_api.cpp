#include "engine/api/jobs_api.h"

#include "engine/jobs/processes.h"

#include <algorithm>
#include <charconv>

namespace afterresume::jobs {

namespace {

// A thousand jobs with payloads.
constexpr std::size_t batch_bytes = 8 << 20;
// Far more than the looks of living workers take.
constexpr std::chrono::minutes longest_unclaimable{1};

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
        get("/api/jobs/{id}/",
            "Read a job with its result and its steps: finished, running and planned",
            Permission::read, &Api::read),
        get("/api/jobs/{id}/events/",
            "Read a job's events, or follow them with Accept: text/event-stream", Permission::read,
            &Api::events)
            .in(Transaction::none)
            .giving({"text/event-stream"})
            .or_answering<http::NoContent>(
                "To who follows a job that is over, and has been told all of it"
            ),
        get("/api/jobs/check/", "Look for broken promises of the engine, as queries over all jobs",
            Permission::read, &Api::check)
            .in(Transaction::none)
            .for_staff(),
        post(
            "/api/jobs/batch/", "Enqueue, cancel or try again up to a thousand jobs",
            Permission::write, &Api::batch
        )
            .up_to(batch_bytes),
        post("/api/jobs/{id}/cancel/", "Cancel a job", Permission::write, &Api::cancel_job),
        post("/api/jobs/{id}/retry/", "Try a failed job again", Permission::write, &Api::retry_job),
    };
}

Task<JobPage> Api::list(http::Call& call, ListJobs query) {
    JobFilter filter{query.status,    std::move(query.type),
                     query.batch_id,  std::move(query.cursor),
                     query.page_size, parts_.clock.now()};
    auto page = co_await list_jobs(call.tx(), call.scope(), parts_.types.seal(), std::move(filter));
    co_return JobPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<JobView> Api::read(http::Call& call, Uuid id) {
    co_return co_await get_job(call.tx(), call.scope(), parts_.types, id);
}

Task<http::ResponseOf<EventPage>> Api::events(http::Call& call, Uuid id, ListEvents query) {
    auto scope = call.scope();
    http::Response response;
    if (call.request().header("accept").find("text/event-stream") != std::string_view::npos) {
        auto after = last_event_id(call.request().header("last-event-id"), query.after);
        response = co_await streams_.follow(scope, id, after);
    } else {
        auto tx = database_.begin(scope, sql::Access::read);
        auto told = co_await list_events(*tx, scope, id, query.after, events_at_once);
        EventPage page{std::move(told.events), std::nullopt};
        if (static_cast<std::int64_t>(page.items.size()) == events_at_once)
            page.next_cursor = std::to_string(page.items.back().seq);
        response = http::json_response(200, describe::to_json(page));
    }
    response.headers.emplace_back("Vary", "Accept");
    co_return http::ResponseOf<EventPage>{std::move(response)};
}

Task<Checked> Api::check(http::Call&) {
    Expected expected{RescueLimits{}.rescues, parts_.clock.now() - longest_unclaimable};
    if (co_await is_paused_()) expected.claimable_since = {};
    co_return Checked{co_await find_violations(database_, expected)};
}

Task<BatchResult> Api::batch(http::Call& call, Batch body) {
    auto result = co_await run_batch(call.tx(), call.scope(), parts_, std::move(body));
    auto made = std::ranges::count(result.items, 202, &BatchItem::status);
    if (result.op != BatchOp::cancel && made > 0)
        co_await require_room_(call.tx(), call.scope(), made);
    co_return result;
}

Task<CancelAnswer> Api::cancel_job(http::Call& call, Uuid id, CancelJob body) {
    auto extent = body.descendants.value_or(false) ? Extent::descendants : Extent::job;
    auto status =
        co_await cancel(call.tx(), call.scope(), id, parts_.cancels, parts_.clock.now(), extent);
    co_return CancelAnswer{id, status};
}

Task<http::Accepted> Api::retry_job(http::Call& call, Uuid id) {
    co_await retry(call.tx(), call.scope(), id, parts_.doorbell, parts_.clock.now());
    co_await require_room_(call.tx(), call.scope(), 1);
    co_return http::Accepted{id};
}

}  // namespace afterresume::jobs
