// The reference of the API: its OpenAPI document, and a page to read and try it from a browser.
#pragma once

#include "infra/http/route.h"

#include <string>

namespace afterresume::api {

class Reference : public http::Controller<Reference> {
public:
    http::Routes routes();
    // Once all routes are known; they must outlive it.
    void describe(const http::Routes& all) { all_ = &all; }

private:
    Task<http::Response> document(http::Call& call);
    Task<http::Response> page(http::Call& call);
    Task<http::Response> asset(http::Call& call, std::string name);

    const http::Routes* all_ = nullptr;
    std::string document_;
};

}  // namespace afterresume::api
