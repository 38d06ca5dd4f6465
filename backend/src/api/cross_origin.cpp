#include "api/cross_origin.h"

#include <fmt/format.h>

namespace afterresume::api {

namespace {

// Beyond what every page may send (Fetch, section 2.2.2) and may read.
constexpr auto sent =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, "
    "X-Correlation-ID, traceparent";
constexpr auto shown =
    "Content-Disposition, ETag, Idempotent-Replayed, Location, RateLimit-Limit, "
    "RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Correlation-ID, traceparent";
constexpr auto kept_for_seconds = "600";

// Empty for a request that does not say one origin.
std::string_view origin_in(const http::Request& request) {
    return request.headers.count("origin") == 1 ? request.header("origin") : std::string_view();
}

}  // namespace

CrossOrigin::CrossOrigin(const std::vector<std::string>& allowed, Origins trusted)
    : everybody_(allowed == std::vector<std::string>{"*"}), trusted_(std::move(trusted)) {
    if (!everybody_) allowed_ = origins_of("CORS_ALLOWED_ORIGINS", allowed);
}

bool CrossOrigin::opens(const http::Route& route) const {
    return (everybody_ || !allowed_.empty()) && !route.staff && route.pattern.starts_with("/api/");
}

void CrossOrigin::permit(
    const http::Request& request, const http::Route& route, http::Response& response
) const {
    if (!opens(route)) return;
    auto& headers = response.headers;
    if (!everybody_) headers.emplace_back("Vary", "Origin");
    auto origin = origin_in(request);
    if (origin.empty() || (!everybody_ && !allowed_.contains(origin))) return;
    headers.emplace_back("Access-Control-Allow-Origin", everybody_ ? "*" : std::string(origin));
    headers.emplace_back("Access-Control-Expose-Headers", shown);
    if (!everybody_ && route.with_cookie && trusted_.contains(origin))
        headers.emplace_back("Access-Control-Allow-Credentials", "true");
}

void CrossOrigin::answer_preflight(
    const http::Request& request, const http::Route& route, const std::vector<std::string>& methods,
    http::Response& response
) const {
    permit(request, route, response);
    for (const auto& [name, value] : response.headers) {
        if (name != "Access-Control-Allow-Origin") continue;
        response.headers.emplace_back(
            "Access-Control-Allow-Methods", fmt::format("{}", fmt::join(methods, ", "))
        );
        response.headers.emplace_back("Access-Control-Allow-Headers", sent);
        response.headers.emplace_back("Access-Control-Max-Age", kept_for_seconds);
        return;
    }
}

}  // namespace afterresume::api
