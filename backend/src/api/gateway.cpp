#include "api/gateway.h"

#include "api/problem.h"
#include "core/text.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

namespace afterresume::api {

namespace {

constexpr std::size_t longest_key = 200;

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

Error too_many(const Allowance& allowance) {
    return Error(
               ErrorKind::rate_limited, "request.rate_limited", "Too many requests; wait a moment."
    )
        .retry_after(allowance.reset);
}

// Whom a guess is aimed at: the address in the body, as far as there is one.
std::string guessed_account(std::string_view body) {
    try {
        auto json = describe::parse_json(body);
        const auto* object = json.if_object();
        const auto* email = object != nullptr ? object->if_contains("email") : nullptr;
        if (email != nullptr && email->is_string())
            return fold_for_search(std::string_view(email->as_string()));
    } catch (const Error&) {
        return {};
    }
    return {};
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

}  // namespace

Gateway::Gateway(
    Parts parts, http::Routes routes, Limits limits, std::set<std::string> hosts,
    TrustedProxies proxies
)
    : parts_(parts),
      router_(std::move(routes)),
      limits_(limits),
      hosts_(std::move(hosts)),
      proxies_(std::move(proxies)),
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
                call, proxies_.client_of(request.remote_address, request.header("x-forwarded-for"))
            );
            response = co_await dispatch(call, *found.route);
        }
    } catch (const Error& error) {
        if (status_of(error.kind()) >= 500) {
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
    auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    account(request, response, found.route, correlation, seconds);
    co_return response;
}

Task<http::Response> Gateway::dispatch(http::Call& call, const http::Route& route) {
    co_await admit(call, route);
    std::optional<Allowance> allowance;
    if (!route.quiet) {
        allowance = take_tokens(call, route);
        if (!allowance->allowed) throw too_many(*allowance);
    }
    if (route.permission && !call.scope().may(*route.permission)) {
        throw Error(
            ErrorKind::forbidden, "request.not_permitted", "Your role here does not permit this."
        );
    }
    auto response = co_await run(call, route);
    answer_if_unchanged(call.request(), response);
    if (allowance) {
        response.headers.emplace_back("RateLimit-Limit", std::to_string(allowance->limit));
        response.headers.emplace_back("RateLimit-Remaining", std::to_string(allowance->remaining));
        response.headers.emplace_back("RateLimit-Reset", std::to_string(allowance->reset));
    }
    if (route.permission) response.headers.emplace_back("Cache-Control", "no-store");
    co_return response;
}

Task<void> Gateway::admit(http::Call& call, const http::Route& route) {
    constexpr std::string_view scheme = "bearer ";
    auto header = call.request().header("authorization");
    if (header.size() > scheme.size() && lower(header.substr(0, scheme.size())) == scheme) {
        auto token = header.substr(scheme.size());
        if (is_local(call, token)) {
            auto scope = co_await parts_.sign_in.act_as(
                std::string(call.request().header("x-act-as")), call.correlation()
            );
            http::Dispatch::set_scope(call, scope);
            co_return;
        }
        auto scope = co_await parts_.sign_in.authenticate(token, call.correlation());
        http::Dispatch::set_scope(call, scope);
    } else if (route.permission) {
        throw Error(ErrorKind::unauthenticated, "accounts.not_signed_in", "Sign in to do this.");
    }
}

bool Gateway::is_local(const http::Call& call, std::string_view token) const {
    auto here = call.client() == "127.0.0.1" || call.client() == "::1";
    return here && !local_token_.empty() && crypto::equal_in_constant_time(token, local_token_);
}

Allowance Gateway::take_tokens(http::Call& call, const http::Route& route) {
    auto now = std::chrono::steady_clock::now();
    if (route.guarded) {
        auto account = guessed_account(call.request().body);
        auto guess = limiter_.take(
            fmt::format("l{}|{}|{}", call.client(), route.pattern, account), limits_.login, now
        );
        if (!guess.allowed) return guess;
    }
    if (!call.signed_in()) return limiter_.take("a" + call.client(), limits_.address, now);
    auto tenant =
        limiter_.take("t" + std::to_string(call.scope().tenant().value), limits_.tenant, now);
    if (!tenant.allowed) return tenant;
    return limiter_.take("u" + std::to_string(call.scope().user().value), limits_.user, now);
}

Task<http::Response> Gateway::run(http::Call& call, const http::Route& route) {
    using http::Transaction;
    auto key = call.request().header("idempotency-key");
    if (route.transaction == Transaction::write && route.method == "POST" && call.signed_in() &&
        !key.empty()) {
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
    auto access = route.transaction == Transaction::write ? sql::Access::write : sql::Access::read;
    http::Dispatch::begin(
        call, call.signed_in() ? parts_.database.begin(call.scope(), access)
                               : parts_.database.begin_anonymous(access)
    );
    auto response = co_await route.run(call);
    if (route.transaction == Transaction::write) co_await call.tx().commit();
    co_return response;
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

bool Gateway::knows_host(std::string_view host) const {
    if (hosts_.contains("*")) return true;
    auto bracket = host.find(']');
    auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return hosts_.contains(lower(host.substr(0, colon)));
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
