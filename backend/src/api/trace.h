// W3C Trace Context: the trace that a request belongs to by its `traceparent`, for its line in the
// log and for the jobs that come of it.
#pragma once

#include "core/scope.h"
#include "infra/http/message.h"

#include <optional>
#include <string>

namespace afterresume::api {

struct Trace {
    Uuid id;
    bool sampled = false;
};

// Nothing for a request without one, with several, or with what is none. Versions to come are read
// as far as they are like the first.
std::optional<Trace> trace_of(const http::Headers& headers);
// As traces are written everywhere else: 32 hexadecimal digits.
std::string text_of(const Trace& trace);
// The `traceparent` of an answer, which names a span of ours.
std::string traceparent_of(const Trace& trace);
// What the scope does from then on belongs to the trace; else it is the same.
Scope within(const Scope& scope, const Trace& trace);

}  // namespace afterresume::api
