// Which pages of other origins may have browsers show them what the API answers: CORS, by the Fetch
// standard, section 3.3 (https://fetch.spec.whatwg.org/#http-cors-protocol). It keeps no request
// from being done; that is what Pages are for. Owned by the gateway.
#pragma once

#include "api/origins.h"
#include "infra/http/operation.h"

namespace afterresume::api {

class CrossOrigin {
public:
    // Nobody when `allowed` is empty; every origin when it is `*`. Cookies count for those alone
    // that are allowed by name and trusted. Throws Error(invalid), which names the setting.
    CrossOrigin(const std::vector<std::string>& allowed, Origins trusted);

    // Whether pages of other origins are shown what this route answers: nothing of operators, and
    // no pages.
    bool opens(const http::Route& route) const;
    // Puts on the answer of a route that is opened what lets the page of the request read it.
    void permit(const http::Request& request, const http::Route& route, http::Response& response)
        const;
    // The answer of OPTIONS before the route is asked, which takes these methods beside its own.
    void answer_preflight(
        const http::Request& request, const http::Route& route,
        const std::vector<std::string>& methods, http::Response& response
    ) const;

private:
    bool everybody_ = false;
    Origins allowed_;
    Origins trusted_;
};

}  // namespace afterresume::api
