// Who is let in: the host, the caller, the limits, the rights; and for how long.
#include "api/gateway.h"

#include "api/problem.h"
#include "api/session_watch.h"
#include "core/describe/reader.h"
#include "core/text.h"
#include "features/auditing/api.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace afterresume::api {

namespace {

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

// Throws Error(rate_limited).
void count(CountedCall& call, const Allowance& allowance) {
    call.allowance = allowance;
    if (!allowance.allowed) throw too_many(allowance);
}

constexpr std::chrono::minutes maintenance_pause{1};

// Health, the reference, and what keeps people signed in.
bool goes_on_in_maintenance(const http::Route& route) {
    constexpr std::array<std::string_view, 6> open{
        "/api/auth/login/", "/api/auth/mfa/",   "/api/auth/token/refresh/",
        "/api/docs/",       "/api/docs/{file}", "/api/openapi.json",
    };
    return route.quiet || std::ranges::find(open, route.pattern) != open.end();
}

// All spellings of an address that lead to one mailbox somewhere are one: without case, dots, and
// what follows a plus.
std::string mailbox_of(std::string_view email) {
    auto folded = fold_for_search(trim(email));
    auto at = folded.rfind('@');
    if (at == std::string::npos) return folded;
    auto local = folded.substr(0, std::min(at, folded.find('+')));
    std::erase(local, '.');
    return local + folded.substr(at);
}

// Whom a guess is aimed at: the address in the body, as far as there is one.
std::string guessed_mailbox(std::string_view body) {
    try {
        auto json = describe::parse_json(body);
        const auto* object = json.if_object();
        const auto* email = object != nullptr ? object->if_contains("email") : nullptr;
        if (email != nullptr && email->is_string()) return mailbox_of(email->as_string());
    } catch (const Error&) {
        return {};
    }
    return {};
}

}  // namespace

Error nothing_here() {
    return Error(ErrorKind::not_found, "request.not_found", "There is nothing here.");
}

std::optional<Error> refusal(const Scope& scope, const http::Route& route) {
    if (route.staff && !scope.is_staff()) return nothing_here();
    if (route.in_person && scope.is_limited()) {
        return Error(
            ErrorKind::forbidden, "request.not_for_tokens", "Sign in to do this; no token may."
        );
    }
    if (!scope.may(*route.permission)) {
        return Error(
            ErrorKind::forbidden, "request.not_permitted", "Your role here does not permit this."
        );
    }
    return std::nullopt;
}

bool Gateway::knows_host(std::string_view host) const {
    if (borders_.hosts.contains("*")) return true;
    auto bracket = host.find(']');
    auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return borders_.hosts.contains(lower(host.substr(0, colon)));
}

// Nobody has been asked who they are: all of it is counted by address, as a refused sign-in is.
Task<http::Response> Gateway::turn_away(CountedCall& call, std::vector<std::string> allowed) {
    count(call, co_await ask_address(call));
    if (knows_host(call.request().header("host"))) co_return no_route(call, std::move(allowed));
    co_return problem(
        421, "request.wrong_host", "This host is not served here; see ALLOWED_HOSTS.",
        call.correlation()
    );
}

// Whoever is not let in is counted by their address, as anybody without sign-in is; users are not.
Task<void> Gateway::admit(CountedCall& call, const http::Route& route) {
    if (route.strangers) co_return;
    auto credential = credential_of(call.request(), route);
    std::optional<Error> refused;
    try {
        if (is_local(call, bearer_token(call.request()))) {
            auto scope = co_await parts_.sign_in.act_as(
                std::string(call.request().header("x-act-as")), call.correlation()
            );
            http::Dispatch::set_scope(call, scope);
        } else if (!credential.text.empty()) {
            http::Dispatch::set_scope(call, co_await authenticate(call, std::move(credential)));
        } else if (route.permission) {
            throw accounts::not_signed_in();
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unauthenticated) throw;
        refused = error;
    }
    if (!refused) co_return;
    if (!route.quiet) co_await take_tokens(call, route);
    throw std::move(*refused);
}

// Whoever guesses personal tokens or cookies is stopped before the database is asked. Those that
// are right are not counted.
Task<Scope> Gateway::authenticate(CountedCall& call, Credential credential) {
    if (credential.carrier == Carrier::bearer && !accounts::PersonalTokens::is_one(credential.text))
        co_return co_await identify(std::move(credential), call.correlation());
    auto bucket = "g" + client_key(call.client());
    auto guess = co_await limiter_.take(bucket, limits_.address);
    if (!guess.allowed) count(call, guess);
    auto scope = co_await identify(std::move(credential), call.correlation());
    co_await limiter_.give_back(bucket);
    co_return scope;
}

Task<void> Gateway::admit_again(Credential credential, Uuid correlation, const http::Route& route) {
    auto scope = co_await identify(std::move(credential), correlation);
    co_await require_open(scope, route);
    if (auto refused = refusal(scope, route)) throw *refused;
}

Task<void> Gateway::require_open(std::optional<Scope> caller, const http::Route& route) {
    auto operates = route.staff || (caller && caller->is_staff());
    if (operates || goes_on_in_maintenance(route)) co_return;
    auto tenant = caller ? std::optional(caller->tenant()) : std::nullopt;
    if (!co_await parts_.flags.is_on(system::Flag::maintenance, tenant)) co_return;
    throw Error(
        ErrorKind::unavailable, "system.maintenance", "This is being maintained; come back soon."
    )
        .retry_after(std::chrono::seconds(maintenance_pause).count());
}

// What the trail keeps of somebody who tries what he may not.
Task<void> Gateway::note_refusal(http::Call& call, const http::Route& route) {
    auto tx = parts_.database.begin(call.scope(), sql::Access::write);
    co_await parts_.audit.record(
        *tx, call.scope(), auditing::origin_of(call), auditing::Act::permission_denied,
        auditing::Outcome::failure, JsonObject{{"route", route.method + " " + route.pattern}}
    );
    co_await tx->commit();
}

bool Gateway::is_local(const http::Call& call, std::string_view token) const {
    auto here = call.client() == "127.0.0.1" || call.client() == "::1";
    return here && !local_token_.empty() && crypto::equal_in_constant_time(token, local_token_);
}

// Of the route that is run, however its path was written.
bool Gateway::may_come_from(http::Call& call, const http::Route& route) const {
    auto inward = route.staff || route.pattern == "/metrics";
    return !inward || borders_.operators.empty() || borders_.operators.contain(call.client()) ||
           is_local(call, bearer_token(call.request()));
}

// Whoever holds a session sits before a page; tokens of programs and the machine's owner have none,
// and an operator's cookie is the page's own.
bool Gateway::needs_service_token(http::Call& call, const http::Route& route) const {
    return parts_.service_tokens.wanted() && call.signed_in() && call.scope().session() != 0 &&
           route.pattern.starts_with("/api/") && !route.pattern.starts_with("/api/auth/") &&
           !route.quiet && credential_of(call.request(), route).carrier == Carrier::bearer;
}

void Gateway::watch_over(http::Call& call, const http::Route& route, http::Response& response) {
    const auto& request = call.request();
    if (!response.stream || !route.permission || is_local(call, bearer_token(request))) return;
    response.stream = watched(
        std::move(response.stream),
        [this, credential = credential_of(request, route), correlation = call.correlation(),
         &route] { return admit_again(credential, correlation, route); }
    );
}

Task<void> Gateway::take_tokens(CountedCall& call, const http::Route& route) {
    count(call, co_await ask_limits(call, route));
}

Task<Limit> Gateway::limit_of(TenantId tenant) {
    auto figures = co_await parts_.quotas.limits_of(tenant);
    auto limit = limits_.tenant;
    if (figures.requests_per_second) limit.rate = static_cast<double>(*figures.requests_per_second);
    if (figures.requests_at_once) limit.burst = static_cast<double>(*figures.requests_at_once);
    co_return limit;
}

Task<Allowance> Gateway::ask_limits(http::Call& call, const http::Route& route) {
    if (route.guarded) {
        auto mailbox = crypto::hex(crypto::sha256(guessed_mailbox(call.request().body)));
        auto guess = co_await limiter_.take(
            fmt::format("l{}|{}|{}", client_key(call.client()), route.pattern, mailbox),
            limits_.login
        );
        if (!guess.allowed) co_return guess;
    }
    if (!call.signed_in()) co_return co_await ask_address(call);
    auto id = call.scope().tenant();
    auto limit = co_await limit_of(id);
    auto tenant = co_await limiter_.take("t" + std::to_string(id.value), limit);
    if (!tenant.allowed) co_return tenant;
    co_return co_await limiter_.take("u" + std::to_string(call.scope().user().value), limits_.user);
}

Task<Allowance> Gateway::ask_address(const http::Call& call) {
    return limiter_.take("a" + client_key(call.client()), limits_.address);
}

}  // namespace afterresume::api
