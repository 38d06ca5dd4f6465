// The way of a request: host, route, sign-in, rate limit, permission, transaction, handler, commit,
// answer. The HTTP adapter of the program and one of the two places where errors are caught. Owned
// by app/; runs on the I/O thread.
#pragma once

#include "api/client_address.h"
#include "api/credential.h"
#include "api/cross_origin.h"
#include "api/idempotency.h"
#include "api/pages.h"
#include "api/rate_limiter.h"
#include "api/service_token.h"
#include "api/trace.h"
#include "features/accounts/sign_in.h"
#include "features/accounts/staff_sign_in.h"
#include "features/system/flags.h"
#include "features/tenants/service.h"
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
    // Where browsers may be asked from for what goes by a cookie.
    Pages pages;
    // Which pages elsewhere may read answers.
    CrossOrigin cross_origin;
};

// A request, and what its limit says of it once it has been counted.
struct CountedCall : http::Call {
    using Call::Call;
    std::optional<Allowance> allowance{};
    std::optional<Trace> trace{};
};

class Gateway {
public:
    struct Parts {
        sql::Database& database;
        accounts::SignIn& sign_in;
        accounts::StaffSignIn& staff_sign_in;
        auditing::Service& audit;
        ServiceTokens& service_tokens;
        system::Flags& flags;
        const Clock& clock;
        observability::Log& log;
        observability::Metrics& metrics;
        tenants::Quotas& quotas;
        // Null without one: limits are this node's then.
        redis::Client* redis;
    };
    Gateway(Parts parts, http::Routes routes, Limits limits, Borders borders);

    // Never throws.
    Task<http::Response> handle(http::Request& request);
    http::BodyPolicy body_policy(const http::Request& head) const;
    // What the server answers by itself, to a request as far as it was understood.
    http::Response refuse(
        const http::Request& seen, int status, std::string_view code, std::string_view sentence
    ) const;
    const http::Routes& routes() const { return router_.routes(); }
    // Whoever holds this token acts for the machine's owner: as the user of X-Act-As, or as the
    // only owner.
    void trust_local(std::string token) { local_token_ = std::move(token); }

private:
    struct Series {
        prometheus::Counter* requests;
        prometheus::Histogram* seconds;
    };

    Task<http::Response> dispatch(CountedCall& call, const http::Route& route);
    Task<http::Response> run(http::Call& call, const http::Route& route);
    std::unique_ptr<sql::Tx> begin(const http::Call& call, const http::Route& route);
    Task<void> begin_late(http::Call& call, Scope scope);
    Task<http::Response> run_keyed(http::Call& call, const http::Route& route, Keyed keyed);
    Task<http::Response> act_keyed(http::Call& call, const http::Route& route, const Keyed& keyed);
    Task<void> begin_keyed(http::Call& call, const Scope& scope, const Keyed& keyed);
    // What no route answers: 404, 405, 421, and OPTIONS. Throws Error(rate_limited, not_found).
    Task<http::Response> turn_away(CountedCall& call, std::vector<std::string> allowed);
    Task<void> admit(CountedCall& call, const http::Route& route);
    bool is_local(const http::Call& call, std::string_view token) const;
    bool may_come_from(http::Call& call, const http::Route& route) const;
    bool needs_service_token(http::Call& call, const http::Route& route) const;
    void watch_over(http::Call& call, const http::Route& route, http::Response& response);
    Task<Scope> authenticate(CountedCall& call, Credential credential);
    Task<Scope> identify(Credential credential, Uuid correlation);
    Task<void> admit_again(Credential credential, Uuid correlation, const http::Route& route);
    std::optional<Error> page_refusal(http::Call& call, const http::Route& route) const;
    Task<void> note_refusal(http::Call& call, const http::Route& route);
    // Throws Error(unavailable, "system.maintenance").
    Task<void> require_open(std::optional<Scope> caller, const http::Route& route);
    // Throws Error(rate_limited).
    Task<void> take_tokens(CountedCall& call, const http::Route& route);
    Task<Allowance> ask_limits(http::Call& call, const http::Route& route);
    Task<Allowance> ask_address(const http::Call& call);
    Task<Limit> limit_of(TenantId tenant);
    bool knows_host(std::string_view host) const;
    // Throws Error(not_found) where nothing may be seen from there, whatever the method.
    http::Response no_route(http::Call& call, std::vector<std::string> allowed) const;
    void account(
        CountedCall& call, const http::Response& response, const http::Route* route, double seconds
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

}  // namespace afterresume::api
