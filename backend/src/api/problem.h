// Errors on the wire: RFC 9457 problem details.
#pragma once

#include "core/error.h"
#include "core/id.h"
#include "infra/http/message.h"

namespace afterresume::api {

http::Response problem(const Error& error, const Uuid& correlation);
// For what never became an Error: unknown paths, methods, hosts, and what the server itself
// refuses.
http::Response problem(
    int status, std::string_view code, std::string_view sentence, const Uuid& correlation
);

}  // namespace afterresume::api
