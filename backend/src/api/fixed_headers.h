// What keeps browsers from doing more with an answer than it is for. Pure.
#pragma once

#include <string>

namespace afterresume::api {

// The security headers that every response carries; `production` adds Strict-Transport-Security.
std::string fixed_headers(bool production);

}  // namespace afterresume::api
