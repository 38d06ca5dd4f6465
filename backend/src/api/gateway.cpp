#include "api/gateway.h"

#include "api/problem.h"
#include "infra/crypto/crypto.h"
#include "infra/http/status.h"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

namespace afterresume::api {

namespace {

constexpr std::size_t longest_key = 200;

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

// If-None-Match against the ETag that the handler gave (RFC 9110 section 13.1.2).
void answer_if_unchanged(const http::Request& request, http::Response& response) {
    auto seen = request.header("if-none-match");
    if (seen.empty() || response.status != 200) return;
    for (const auto& [name, value] : response.headers) {
        if (name != "ETag" || (seen != "*" && seen.find(value) == std::string_view::npos)) continue;
        response.status = 304;
        response.body.clear();
        response.content_type.clear();
    }
}

// What is not for everybody is for no cache; what a link leads to, for no index and no other site,
// either. Whatever the answer is: of a link it must not tell why there is nothing.
void keep_private(const http::Route& route, http::Response& response) {
    if (!route.permission && !route.strangers) return;
    response.headers.emplace_back("Cache-Control", "no-store");
    if (!route.strangers) return;
    response.replaces_fixed = true;
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("X-Robots-Tag", "noindex, nofollow, noarchive");
}

}  // namespace

Gateway::Gateway(Parts parts, http::Routes routes, Limits limits, Borders borders)
    : parts_(parts),
      router_(std::move(routes)),
      limits_(limits),
      borders_(std::move(borders)),
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

Task<http::Response> Gateway::handle(http::Request& request) {
    auto begun = std::chrono::steady_clock::now();
    auto correlation = Uuid::parse(request.header("x-correlation-id")).value_or(Uuid::random());
    auto found = router_.find(request.method, request.path);
    http::Response response;
    try {
        if (!knows_host(request.header("host"))) {
            response = problem(
                421, "request.wrong_host", "This host is not served here; see ALLOWED_HOSTS.",
                correlation
            );
        } else if (found.route == nullptr) {
            response = no_route(request, found, correlation);
        } else {
            http::Call call(request, parts_.database, correlation);
            http::Dispatch::set_path(call, std::move(found.path));
            http::Dispatch::set_client(
                call,
                borders_.proxies.client_of(request.remote_address, forwarded_for(request.headers))
            );
            response = co_await dispatch(call, *found.route);
        }
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
    response.headers.emplace_back("X-Correlation-ID", correlation.text());
    if (found.route != nullptr) keep_private(*found.route, response);
    auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    account(request, response, found.route, correlation, seconds);
    co_return response;
}

Task<http::Response> Gateway::dispatch(http::Call& call, const http::Route& route) {
    if (!may_come_from(call, route)) throw nothing_here();
    co_await admit(call, route);
    co_await require_open(call.signed_in() ? std::optional(call.scope()) : std::nullopt, route);
    std::optional<Allowance> allowance;
    if (!route.quiet) allowance = take_tokens(call, route);
    if (needs_service_token(call, route)) co_await parts_.service_tokens.check(call.request());
    if (auto refused = route.permission ? refusal(call.scope(), route) : std::nullopt) {
        co_await note_refusal(call, route);
        throw *refused;
    }
    auto response = co_await run(call, route);
    watch_over(call, route, response);
    answer_if_unchanged(call.request(), response);
    if (allowance) {
        response.headers.emplace_back("RateLimit-Limit", std::to_string(allowance->limit));
        response.headers.emplace_back("RateLimit-Remaining", std::to_string(allowance->remaining));
        response.headers.emplace_back("RateLimit-Reset", std::to_string(allowance->reset));
    }
    co_return response;
}

Task<http::Response> Gateway::run(http::Call& call, const http::Route& route) {
    using http::Transaction;
    auto key = call.request().header("idempotency-key");
    if (route.transaction == Transaction::write && route.method == "POST" && call.signed_in() &&
        !route.staff && !key.empty()) {
        if (key.size() > longest_key)
            throw Error(
                ErrorKind::malformed, "idempotency.too_long",
                "An Idempotency-Key has at most 200 bytes."
            );
        Keyed keyed{
            route.method + " " + route.pattern, std::string(key),
            crypto::sha256(call.request().target + '\n' + call.request().body)
        };
        co_return co_await run_keyed(call, route, std::move(keyed));
    }
    if (route.transaction == Transaction::none) co_return co_await route.run(call);
    http::Dispatch::begin(call, begin(call, route));
    auto response = co_await route.run(call);
    if (route.transaction == Transaction::write) co_await call.tx().commit();
    co_return response;
}

std::unique_ptr<sql::Tx> Gateway::begin(const http::Call& call, const http::Route& route) {
    auto access =
        route.transaction == http::Transaction::write ? sql::Access::write : sql::Access::read;
    if (route.staff) return parts_.database.begin_engine(access);
    return call.signed_in() ? parts_.database.begin(call.scope(), access)
                            : parts_.database.begin_anonymous(access);
}

Task<http::Response> Gateway::run_keyed(http::Call& call, const http::Route& route, Keyed keyed) {
    http::Dispatch::begin(call, parts_.database.begin(call.scope(), sql::Access::write));
    std::exception_ptr refused;
    try {
        co_return co_await answer_keyed(call, route, std::move(keyed));
    } catch (...) {
        refused = std::current_exception();
    }
    // Whoever is told of an error may send the key again at once; its lock must be gone by then.
    co_await call.tx().rollback();
    std::rethrow_exception(refused);
}

Task<http::Response> Gateway::answer_keyed(
    http::Call& call, const http::Route& route, Keyed keyed
) {
    auto response = co_await idempotency_.find(call.tx(), call.scope(), keyed);
    if (!response) {
        response = co_await route.run(call);
        co_await idempotency_.keep(call.tx(), call.scope(), keyed, *response);
    }
    co_await call.tx().commit();
    co_return std::move(*response);
}

http::Response Gateway::no_route(
    const http::Request& request, const http::Found& found, const Uuid& correlation
) const {
    if (found.allowed.empty())
        return problem(404, "request.not_found", "There is nothing here.", correlation);
    http::Response response;
    response.status = 204;
    if (request.method != "OPTIONS")
        response =
            problem(405, "request.method_not_allowed", "This cannot be done here.", correlation);
    response.headers.emplace_back("Allow", fmt::format("{}", fmt::join(found.allowed, ", ")));
    return response;
}

void Gateway::account(
    const http::Request& request, const http::Response& response, const http::Route* route,
    const Uuid& correlation, double seconds
) {
    auto series = series_.find(route);
    const auto& counted = series == series_.end() ? elsewhere_ : series->second;
    observability::add(*counted.requests);
    observability::observe(*counted.seconds, seconds);
    if (route != nullptr && route->quiet) return;
    if (!parts_.log.wants(observability::Level::info)) return;
    // The template instead of the path: a path may hold a secret.
    auto line = fmt::format(
        "{} {} {} {:.1f} ms", request.method, route != nullptr ? route->pattern : "(no route)",
        response.status, seconds * 1000
    );
    parts_.log.write(observability::Level::info, "api", &correlation, line);
}

std::string fixed_headers(bool production) {
    std::string out =
        "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'\r\n"
        "X-Frame-Options: DENY\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: strict-origin-when-cross-origin\r\n"
        "Permissions-Policy: geolocation=(), camera=(), microphone=(), payment=(), usb=()\r\n"
        "X-XSS-Protection: 1; mode=block\r\n";
    if (production)
        out += "Strict-Transport-Security: max-age=63072000; includeSubDomains; preload\r\n";
    return out;
}

}  // namespace afterresume::api
