// Exports of a tenant over HTTP.
#pragma once

#include "features/exports/service.h"
#include "infra/http/route.h"

namespace afterresume::exports {

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& exports) : exports_(exports) {}
    http::Routes routes();

private:
    Task<http::Accepted> ask(http::Call& call);
    Task<ExportPage> list(http::Call& call, ListMore query);
    Task<http::Response> download(http::Call& call, Id<Export> id);

    Service& exports_;
};

}  // namespace afterresume::exports
