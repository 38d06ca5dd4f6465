// The audit trail over HTTP, and where a call comes from.
#pragma once

#include "features/auditing/service.h"
#include "features/auditing/verification.h"
#include "infra/http/route.h"

namespace afterresume::auditing {

inline Origin origin_of(http::Call& call) {
    return {call.client(), std::string(call.request().header("user-agent"))};
}

struct ListEvents {
    std::int64_t page_size = default_page_size;
    std::optional<std::int64_t> cursor;
};
BOOST_DESCRIBE_STRUCT(ListEvents, (), (page_size, cursor))

constexpr auto notes(ListEvents*) {
    using namespace describe;
    return std::tuple{
        note(&ListEvents::page_size, "Records on a page", range{1, largest_page_size}),
        note(&ListEvents::cursor, "next_cursor of the page before"),
    };
}

struct EventPage {
    std::vector<AuthEvent> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(EventPage, (), (items, next_cursor))

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& audit) : audit_(audit) {}
    http::Routes routes() {
        return {
            get("/api/tenant/audit/", "Read the tenant's audit trail, newest first",
                Permission::manage, &Api::list),
            get("/api/tenant/audit/verify/",
                "Look whether a record of the tenant's audit trail was removed, edited, moved or "
                "inserted",
                Permission::manage, &Api::verify),
            get("/system/audit/verify/",
                "Look whether a record of any audit trail was removed, edited, moved or inserted",
                Permission::read, &Api::verify_all)
                .for_staff(),
        };
    }

private:
    Task<EventPage> list(http::Call& call, ListEvents query) {
        auto page = co_await audit_.list(call.tx(), call.scope(), query.page_size, query.cursor);
        co_return EventPage{std::move(page.items), std::move(page.next_cursor)};
    }
    Task<CheckedChain> verify(http::Call& call) {
        co_return co_await check_chain(call.tx(), call.scope().tenant());
    }
    Task<CheckedTrail> verify_all(http::Call& call) { co_return co_await check_trail(call.tx()); }

    Service& audit_;
};

}  // namespace afterresume::auditing
