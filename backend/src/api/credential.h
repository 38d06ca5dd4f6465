// What a request shows of who sends it: an access token, or the cookie of operators' pages.
#pragma once

#include "infra/http/route.h"

#include <string>
#include <string_view>

namespace afterresume::api {

enum class Carrier { bearer, cookie };
struct Credential {
    Carrier carrier = Carrier::bearer;
    // Empty when nothing is shown.
    std::string text;
};

// Empty when there is none.
std::string_view bearer_token(const http::Request& request);
// Of the two carriers, a cookie counts where operators are asked for, and a bearer token wins.
Credential credential_of(const http::Request& request, const http::Route& route);

}  // namespace afterresume::api
