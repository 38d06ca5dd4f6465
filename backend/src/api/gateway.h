// The way of a request: host, route, sign-in, rate limit, permission, transaction, handler, commit,
// answer. The HTTP adapter of the program and one of the two places where errors are caught. Owned
// by app/; runs on the I/O thread.
#pragma once

#include "api/client_address.h"
#include "api/idempotency.h"
#include "api/rate_limiter.h"
#include "api/service_token.h"
#include "features/accounts/sign_in.h"
#include "features/system/flags.h"
#include "infra/http/router.h"
#include "infra/http/server.h"
#include "infra/observability/log.h"
#include "infra/observability/metrics.h"

#include <set>
#include <unordered_map>

namespace afterresume::api {

struct Limits {
    Limit user;
    Limit tenant;
    Limit address;
    Limit login;
};

// Where requests come from and what they are sent to.
struct Borders {
    std::set<std::string> hosts;
    TrustedProxies proxies;
    // Whence the installation is operated and measured; everywhere when empty.
    Networks operators;
};

class Gateway {
public:
    struct Parts {
        sql::Database& database;
        accounts::SignIn& sign_in;
        auditing::Service& audit;
        ServiceTokens& service_tokens;
        system::Flags& flags;
        const Clock& clock;
        observability::Log& log;
        observability::Metrics& metrics;
    };
    Gateway(Parts parts, http::Routes routes, Limits limits, Borders borders);

    // Never throws.
    Task<http::Response> handle(http::Request& request);
    http::BodyPolicy body_policy(const http::Request& head) const;
    const http::Routes& routes() const { return router_.routes(); }
    // Whoever holds this token acts for the machine's owner: as the user of X-Act-As, or as the
    // only owner.
    void trust_local(std::string token) { local_token_ = std::move(token); }

private:
    struct Series {
        prometheus::Counter* requests;
        prometheus::Histogram* seconds;
    };

    Task<http::Response> dispatch(http::Call& call, const http::Route& route);
    Task<http::Response> run(http::Call& call, const http::Route& route);
    std::unique_ptr<sql::Tx> begin(const http::Call& call, const http::Route& route);
    Task<http::Response> run_keyed(http::Call& call, const http::Route& route, Keyed keyed);
    Task<http::Response> answer_keyed(http::Call& call, const http::Route& route, Keyed keyed);
    Task<void> admit(http::Call& call, const http::Route& route);
    bool is_local(const http::Call& call, std::string_view token) const;
    bool may_come_from(http::Call& call, const http::Route& route) const;
    bool needs_service_token(const http::Call& call, const http::Route& route) const;
    void watch_over(http::Call& call, const http::Route& route, http::Response& response);
    Task<Scope> authenticate(const http::Call& call, std::string_view token);
    Task<void> admit_again(std::string token, Uuid correlation, const http::Route& route);
    Task<void> note_refusal(http::Call& call, const http::Route& route);
    // Throws Error(unavailable, "system.maintenance").
    Task<void> require_open(std::optional<Scope> caller, const http::Route& route);
    // Throws Error(rate_limited).
    Allowance take_tokens(http::Call& call, const http::Route& route);
    Allowance ask_limits(http::Call& call, const http::Route& route);
    bool knows_host(std::string_view host) const;
    http::Response no_route(
        const http::Request& request, const http::Found& found, const Uuid& correlation
    ) const;
    void account(
        const http::Request& request, const http::Response& response, const http::Route* route,
        const Uuid& correlation, double seconds
    );

    Parts parts_;
    http::Router router_;
    Limits limits_;
    Borders borders_;
    RateLimiter limiter_;
    Idempotency idempotency_;
    std::unordered_map<const http::Route*, Series> series_;
    Series elsewhere_;
    std::string local_token_;
};

// As if there were no such route.
Error nothing_here();

// Why this caller may not use this route, which names a permission; nothing when he may.
std::optional<Error> refusal(const Scope& scope, const http::Route& route);

// The security headers that every response carries; `production` adds Strict-Transport-Security.
std::string fixed_headers(bool production);

}  // namespace afterresume::api
