#include "api/credential.h"

#include "features/accounts/staff_schema.h"

#include <boost/algorithm/string/predicate.hpp>

namespace afterresume::api {

std::string_view bearer_token(const http::Request& request) {
    constexpr std::string_view scheme = "bearer ";
    auto header = request.header("authorization");
    if (!boost::algorithm::istarts_with(header, scheme)) return {};
    return header.substr(scheme.size());
}

Credential credential_of(const http::Request& request, const http::Route& route) {
    auto token = bearer_token(request);
    if (!token.empty() || !route.staff || !route.permission)
        return {Carrier::bearer, std::string(token)};
    return {Carrier::cookie, std::string(request.cookie(accounts::staff_cookie))};
}

}  // namespace afterresume::api
