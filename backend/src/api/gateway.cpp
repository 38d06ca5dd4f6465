#include "api/gateway.h"

#include "api/etags.h"
#include "api/problem.h"
#include "core/text.h"
#include "infra/http/status.h"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>

namespace afterresume::api {

namespace {

// All X-Forwarded-For fields as one, as RFC 9110 section 5.3 joins them.
std::string forwarded_for(const http::Headers& headers) {
    std::string all;
    for (std::size_t i = 0; i < headers.size(); ++i) {
        auto field = headers.at(i);
        if (!boost::algorithm::iequals(field.name, "x-forwarded-for")) continue;
        if (!all.empty()) all += ',';
        all += field.value;
    }
    return all;
}

Uuid correlation_of(const http::Request& request) {
    return Uuid::parse(request.header("x-correlation-id")).value_or(Uuid::random());
}

// A key is kept as text, and one that is none is nobody's.
void require_text(std::string_view key) {
    if (is_utf8(key)) return;
    throw Error(
        ErrorKind::malformed, "idempotency.no_text", "An Idempotency-Key is text in UTF-8."
    );
}

// Nothing is for a cache that does not say so itself, what there is not included; what a link leads
// to is for no index and no other site, either. Whatever the answer is: of a link it must not tell
// why there is nothing.
void keep_private(const http::Route* route, http::Response& response) {
    auto says_itself = std::ranges::any_of(response.headers, [](const auto& header) {
        return header.first == "Cache-Control";
    });
    if (!says_itself) response.headers.emplace_back("Cache-Control", "no-store");
    if (route == nullptr || !route->strangers) return;
    response.replaces_fixed = true;
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("X-Robots-Tag", "noindex, nofollow, noarchive");
}

// What every answer says, whoever gives it.
void complete(
    const http::Request& request, const http::Route* route, const Borders& borders,
    const Uuid& correlation, http::Response& response
) {
    response.headers.emplace_back("X-Correlation-ID", correlation.text());
    keep_private(route, response);
    if (route != nullptr) borders.cross_origin.permit(request, *route, response);
}

void say_what_is_left(const CountedCall& call, http::Response& response) {
    if (!call.allowance) return;
    auto say = [&](const char* name, std::int64_t figure) {
        response.headers.emplace_back(name, std::to_string(figure));
    };
    say("RateLimit-Limit", call.allowance->limit);
    say("RateLimit-Remaining", call.allowance->remaining);
    say("RateLimit-Reset", call.allowance->reset);
}

void say_trace(const CountedCall& call, http::Response& response) {
    if (call.trace) response.headers.emplace_back("traceparent", traceparent_of(*call.trace));
}

std::optional<RateLimiter::Shared> shared_limits(redis::Client* redis, observability::Log& log) {
    if (redis == nullptr) return std::nullopt;
    return RateLimiter::Shared{*redis, log};
}

}  // namespace

Gateway::Gateway(Parts parts, http::Routes routes, Limits limits, Borders borders)
    : parts_(parts),
      router_(std::move(routes)),
      limits_(limits),
      borders_(std::move(borders)),
      limiter_(shared_limits(parts.redis, parts.log)),
      idempotency_(parts.clock) {
    auto series = [&](const std::string& method, const std::string& endpoint) {
        observability::Labels labels{{"method", method}, {"endpoint", endpoint}};
        return Series{
            &parts_.metrics.counter("api_requests_total", "Requests answered", labels),
            &parts_.metrics.duration(
                "api_request_duration_seconds", "Time from a request's body to its answer", labels
            ),
        };
    };
    for (const auto& route : router_.routes())
        series_.emplace(&route, series(route.method, route.pattern));
    elsewhere_ = series("any", "none");
}

http::BodyPolicy Gateway::body_policy(const http::Request& head) const {
    http::BodyPolicy policy;
    auto found = router_.find(head.method, head.path);
    if (found.route != nullptr) policy.limit = found.route->body_limit;
    return policy;
}

http::Response Gateway::refuse(
    const http::Request& seen, int status, std::string_view code, std::string_view sentence
) const {
    auto correlation = correlation_of(seen);
    auto response = problem(status, code, sentence, correlation);
    complete(seen, router_.find(seen.method, seen.path).route, borders_, correlation, response);
    return response;
}

Task<http::Response> Gateway::handle(http::Request& request) {
    auto begun = std::chrono::steady_clock::now();
    auto correlation = correlation_of(request);
    auto found = router_.find(request.method, request.path);
    CountedCall call(request, parts_.database, correlation);
    call.trace = trace_of(request.headers);
    http::Response response;
    try {
        http::Dispatch::set_path(call, std::move(found.path));
        http::Dispatch::set_client(
            call, borders_.proxies.client_of(request.remote_address, forwarded_for(request.headers))
        );
        if (found.route == nullptr || !knows_host(request.header("host")))
            response = co_await turn_away(call, std::move(found.allowed));
        else
            response = co_await dispatch(call, *found.route);
    } catch (const Error& error) {
        if (http::status_of(error.kind()) >= 500) {
            parts_.log.write(
                observability::Level::error, "api", &correlation,
                fmt::format("{}: {}", error.code(), error.what())
            );
        }
        response = problem(error, correlation);
    } catch (const std::exception& failure) {
        parts_.log.write(observability::Level::error, "api", &correlation, failure.what());
        response = problem(
            500, "request.failed",
            "Something went wrong here; the log knows it by this correlation id.", correlation
        );
    }
    say_what_is_left(call, response);
    say_trace(call, response);
    complete(request, found.route, borders_, correlation, response);
    auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    account(call, response, found.route, seconds);
    co_return response;
}

Task<http::Response> Gateway::dispatch(CountedCall& call, const http::Route& route) {
    if (!may_come_from(call, route)) co_return co_await turn_away(call, {});
    co_await admit(call, route);
    if (call.trace && call.signed_in())
        http::Dispatch::set_scope(call, within(call.scope(), *call.trace));
    co_await require_open(call.signed_in() ? std::optional(call.scope()) : std::nullopt, route);
    if (!route.quiet) co_await take_tokens(call, route);
    if (needs_service_token(call, route)) co_await parts_.service_tokens.check(call.request());
    auto refused = route.permission ? refusal(call.scope(), route) : std::nullopt;
    if (!refused) refused = page_refusal(call, route);
    if (refused) {
        if (call.signed_in()) co_await note_refusal(call, route);
        throw *refused;
    }
    require_text(call.request().header("idempotency-key"));
    auto response = co_await run(call, route);
    watch_over(call, route, response);
    tell_version(call.request(), route, response);
    co_return response;
}

http::Response Gateway::no_route(http::Call& call, std::vector<std::string> allowed) const {
    const auto& request = call.request();
    auto open = [&](std::string_view method) {
        const auto* route = router_.find(method, request.path).route;
        return route != nullptr && may_come_from(call, *route) ? route : nullptr;
    };
    std::erase_if(allowed, [&](const auto& method) {
        return method != "OPTIONS" && !open(method);
    });
    if (allowed.empty() || allowed.front() == "OPTIONS") throw nothing_here();
    http::Response response;
    response.status = 204;
    if (request.method != "OPTIONS")
        response = problem(
            405, "request.method_not_allowed", "This cannot be done here.", call.correlation()
        );
    response.headers.emplace_back("Allow", fmt::format("{}", fmt::join(allowed, ", ")));
    const auto* next = open(request.header("access-control-request-method"));
    if (request.method == "OPTIONS" && next != nullptr)
        borders_.cross_origin.answer_preflight(request, *next, allowed, response);
    return response;
}

void Gateway::account(
    CountedCall& call, const http::Response& response, const http::Route* route, double seconds
) {
    auto series = series_.find(route);
    const auto& counted = series == series_.end() ? elsewhere_ : series->second;
    observability::add(*counted.requests);
    observability::observe(*counted.seconds, seconds);
    if (route != nullptr && route->quiet) return;
    if (!parts_.log.wants(observability::Level::info)) return;
    // The template instead of the path: a path may hold a secret.
    auto line = fmt::format(
        "{} {} {} {:.1f} ms", call.request().method,
        route != nullptr ? route->pattern : "(no route)", response.status, seconds * 1000
    );
    if (call.trace) line += ", trace " + text_of(*call.trace);
    parts_.log.write(observability::Level::info, "api", &call.correlation(), line);
}

}  // namespace afterresume::api
