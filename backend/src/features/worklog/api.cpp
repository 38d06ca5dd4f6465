#include "features/worklog/api.h"

namespace afterresume::worklog {

namespace {

constexpr std::size_t bulk_bytes = 16 << 20;

}  // namespace

http::Routes Api::routes() {
    return {
        post("/api/worklogs/", "Write down what was done", Permission::write, &Api::create),
        get("/api/worklogs/", "List entries, newest first", Permission::read, &Api::list),
        post(
            "/api/worklogs/bulk/", "Write down many entries at once", Permission::write,
            &Api::create_many
        )
            .up_to(bulk_bytes),
        get("/api/worklogs/calendar/", "Count entries by day", Permission::read, &Api::calendar),
        get("/api/worklogs/{id}/", "Read one entry", Permission::read, &Api::read),
        patch("/api/worklogs/{id}/", "Change an entry", Permission::write, &Api::edit),
        remove(
            "/api/worklogs/{id}/", "Delete an entry; it can be restored for thirty days",
            Permission::write, &Api::remove_entry
        ),
        post(
            "/api/worklogs/{id}/restore/", "Bring a deleted entry back", Permission::write,
            &Api::restore
        ),
        get("/api/worklogs/{id}/history/", "Read an entry's earlier versions", Permission::read,
            &Api::history),
        post(
            "/api/worklogs/{id}/analyze/", "Have an entry analysed again", Permission::write,
            &Api::analyze
        ),
    };
}

Task<http::Created<WrittenEntry>> Api::create(http::Call& call, CreateEntry body) {
    auto entry = co_await worklogs_.create(call.tx(), call.scope(), std::move(body));
    auto location = fmt::format("/api/worklogs/{}/", entry.id.value);
    auto version = entry.version;
    co_return http::Created<WrittenEntry>{std::move(entry), std::move(location), version};
}

Task<BulkResult> Api::create_many(http::Call& call, CreateEntries body) {
    co_return co_await worklogs_.create_many(call.tx(), call.scope(), std::move(body));
}

Task<EntryPage> Api::list(http::Call& call, ListEntries query) {
    co_return co_await worklogs_.list(call.tx(), call.scope(), std::move(query));
}

Task<Calendar> Api::calendar(http::Call& call, Days query) {
    co_return co_await worklogs_.calendar(call.tx(), call.scope(), query);
}

Task<http::Versioned<Entry>> Api::read(http::Call& call, Id<Entry> id) {
    co_return http::versioned(co_await worklogs_.get(call.tx(), call.scope(), id));
}

Task<http::Versioned<WrittenEntry>> Api::edit(http::Call& call, Id<Entry> id, EditEntry change) {
    co_return http::versioned(
        co_await worklogs_.edit(call.tx(), call.scope(), id, call.match(), std::move(change))
    );
}

Task<http::NoContent> Api::remove_entry(http::Call& call, Id<Entry> id) {
    co_await worklogs_.remove(call.tx(), call.scope(), id, call.match());
    co_return http::NoContent{};
}

Task<http::Versioned<Entry>> Api::restore(http::Call& call, Id<Entry> id) {
    co_return http::versioned(co_await worklogs_.restore(call.tx(), call.scope(), id));
}

Task<History> Api::history(http::Call& call, Id<Entry> id) {
    co_return History{co_await worklogs_.history(call.tx(), call.scope(), id)};
}

Task<http::Accepted> Api::analyze(http::Call& call, Id<Entry> id) {
    auto jobs = co_await worklogs_.ask_analysis(call.tx(), call.scope(), id);
    if (jobs.empty())
        throw Error(
            ErrorKind::unavailable, "worklog.no_analysis",
            "This program analyses nothing at the moment."
        );
    co_return http::Accepted{jobs.front()};
}

}  // namespace afterresume::worklog
