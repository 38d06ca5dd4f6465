// The work log over HTTP.
#pragma once

#include "features/worklog/service.h"
#include "infra/http/route.h"

namespace afterresume::worklog {

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& worklogs) : worklogs_(worklogs) {}
    http::Routes routes();

private:
    Task<http::Created<WrittenEntry>> create(http::Call& call, CreateEntry body);
    Task<BulkResult> create_many(http::Call& call, CreateEntries body);
    Task<EntryPage> list(http::Call& call, ListEntries query);
    Task<Calendar> calendar(http::Call& call, Days query);
    Task<http::Versioned<Entry>> read(http::Call& call, Id<Entry> id);
    Task<http::Versioned<WrittenEntry>> edit(http::Call& call, Id<Entry> id, EditEntry change);
    Task<http::NoContent> remove_entry(http::Call& call, Id<Entry> id);
    Task<http::Versioned<Entry>> restore(http::Call& call, Id<Entry> id);
    Task<History> history(http::Call& call, Id<Entry> id);
    Task<http::Accepted> analyze(http::Call& call, Id<Entry> id);

    Service& worklogs_;
};

}  // namespace afterresume::worklog
