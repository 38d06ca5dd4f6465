#include "api/openapi_parts.h"

#include "infra/http/operation.h"

#include <fmt/format.h>
#include <boost/json/value.hpp>

namespace afterresume::api {

namespace {

JsonObject header(std::string_view type, std::string_view sentence) {
    return {{"description", sentence}, {"schema", JsonObject{{"type", type}}}};
}

}  // namespace

JsonObject csrf_parameter() {
    return {
        {"name", "X-CSRF-Token"},
        {"in", "header"},
        {"required", false},
        {"schema", JsonObject{{"type", "string"}}},
        {"description", "For who is signed in by the cookie: as /system/auth/me/ gives it"}
    };
}

JsonObject key_parameter() {
    return {
        {"name", "Idempotency-Key"},
        {"in", "header"},
        {"required", false},
        {"schema", JsonObject{{"type", "string"}, {"maxLength", http::longest_key}}},
        {"description",
         "The same key and request get the first answer for 24 hours and do nothing twice"}
    };
}

JsonObject match_parameter() {
    return {
        {"name", "If-Match"},
        {"in", "header"},
        {"required", true},
        {"schema", JsonObject{{"type", "string"}}},
        {"description", "The ETag of what you saw, or * to overwrite whatever is there"}
    };
}

JsonObject none_match_parameter() {
    return {
        {"name", "If-None-Match"},
        {"in", "header"},
        {"required", false},
        {"schema", JsonObject{{"type", "string"}}},
        {"description", "The ETag of what you have: the answer is 304 while it is the same"}
    };
}

JsonObject reference(std::string_view kind, std::string_view name) {
    return JsonObject{{"$ref", fmt::format("#/components/{}/{}", kind, name)}};
}

JsonObject problem_response(std::string_view sentence) {
    return {
        {"description", sentence},
        {"content",
         JsonObject{
             {"application/problem+json",
              JsonObject{{"schema", JsonObject{{"$ref", "#/components/schemas/Problem"}}}}}
         }},
    };
}

JsonObject problem_schema() {
    JsonObject text{{"type", "string"}};
    JsonObject error{
        {"type", "object"}, {"properties", JsonObject{{"pointer", text}, {"message", text}}}
    };
    return {
        {"type", "object"},
        {"properties",
         JsonObject{
             {"type", text},
             {"title", text},
             {"status", JsonObject{{"type", "integer"}}},
             {"detail", text},
             {"code", text},
             {"correlation_id", JsonObject{{"type", "string"}, {"format", "uuid"}}},
             {"errors", JsonObject{{"type", "array"}, {"items", error}}},
         }},
    };
}

JsonObject shared_headers() {
    return {
        {"ETag", header("string", "Which version this is, for If-Match and If-None-Match")},
        {"RateLimit-Limit", header("integer", "How many requests there may be at once")},
        {"RateLimit-Remaining", header("integer", "How many of them are left")},
        {"RateLimit-Reset", header("integer", "Seconds until there are all of them again")},
        {"Retry-After", header("integer", "Seconds to wait before the next try")},
    };
}

JsonObject shared_responses() {
    auto changed = problem_response("It was changed since the version that If-Match names");
    auto missing = problem_response("If-Match is missing");
    auto limited = problem_response("Too many requests, or more than the tenant may have");
    JsonObject headers;
    for (const auto* name :
         {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"})
        headers[name] = reference("headers", name);
    limited["headers"] = std::move(headers);
    JsonObject unchanged{
        {"description", "The caller has it as it is"},
        {"headers", JsonObject{{"ETag", reference("headers", "ETag")}}}
    };
    return {
        {"ChangedMeanwhile", std::move(changed)},
        {"IfMatchMissing", std::move(missing)},
        {"RateLimited", std::move(limited)},
        {"Unchanged", std::move(unchanged)},
    };
}

}  // namespace afterresume::api
