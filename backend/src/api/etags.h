// Which version of a thing an answer shows and a change is for (RFC 9110 sections 8.8.3 and 13.1):
// the one place that gives ETags and answers 304. Handlers give versions (http::Versioned) and ask
// for those that were seen (Call::match).
#pragma once

#include "infra/http/operation.h"

namespace afterresume::api {

// Whether what it answers carries an ETag: all that is read, but for what measures the program, and
// for what strangers follow a link to, which is for no cache.
bool has_etag(const http::Route& route);
// Whether it wants If-Match: 428 without one, 412 for a version that there is no more.
bool needs_match(const http::Route& route);

// The ETag is the version that the handler gave, where it did, with a hash of the JSON behind: what
// an answer shows may change without a change of the thing itself. For If-Match the version counts
// alone. A read whose ETag the caller has seen becomes a 304.
void tell_version(const http::Request& request, const http::Route& route, http::Response& response);

}  // namespace afterresume::api
