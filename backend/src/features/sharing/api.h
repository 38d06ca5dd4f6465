// Share links over HTTP: for those who make them, and for whoever follows one.
#pragma once

#include "core/work_pool.h"
#include "features/sharing/opening.h"
#include "features/sharing/page.h"
#include "infra/http/route.h"

namespace afterresume::sharing {

class Api : public http::Controller<Api> {
public:
    Api(Service& shares, Opening& opening, WorkPool& pool)
        : shares_(shares), opening_(opening), pool_(pool) {}
    http::Routes routes();

private:
    Task<http::Created<MadeShare>> make(http::Call& call, CreateShare wanted);
    Task<SharePage> list(http::Call& call, ListMore query);
    Task<http::Versioned<ShareLink>> read(http::Call& call, Id<ShareLink> id);
    Task<http::Versioned<ShareLink>> edit(http::Call& call, Id<ShareLink> id, EditShare change);
    Task<http::NoContent> revoke(http::Call& call, Id<ShareLink> id);
    Task<ViewPage> views(http::Call& call, Id<ShareLink> id, ListMore query);

    Task<SharedReport> open(http::Call& call, std::string token);
    Task<SharedReport> unlock(http::Call& call, std::string token, Unlock body);
    Task<http::Response> page(http::Call& call, std::string token);
    Task<http::Response> unlock_page(http::Call& call, std::string token);
    Task<http::Response> shown(Opened opened);

    Service& shares_;
    Opening& opening_;
    WorkPool& pool_;
};

}  // namespace afterresume::sharing
