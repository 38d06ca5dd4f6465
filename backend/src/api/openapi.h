// The OpenAPI 3.1 document, made from the routes that dispatch and the descriptions that validate.
#pragma once

#include "infra/http/route.h"

#include <string>

namespace afterresume::api {

// JSON text, the same for the same routes, so that it can be kept as a golden file.
std::string openapi_document(const http::Routes& routes, std::string_view version);

}  // namespace afterresume::api
