#include "features/accounts/sign_in.h"

#include "core/describe/reader.h"
#include "core/text.h"
#include "infra/crypto/crypto.h"
#include "infra/crypto/jwt.h"

#include <boost/json/value.hpp>

namespace afterresume::accounts {

namespace {

constexpr auto access_lifetime = std::chrono::minutes(10);
constexpr std::string_view audience = "afterresume";

Error not_signed_in() {
    return Error(ErrorKind::unauthenticated, "accounts.not_signed_in", "Sign in to do this.");
}

std::optional<std::string> payload_of(
    const std::vector<std::string>& keys, std::string_view access_token
) {
    for (const auto& key : keys) {
        if (auto payload = crypto::verify_jwt(key, access_token)) return payload;
    }
    return std::nullopt;
}

// Whatever our key signed and is no claims of ours, is no sign-in either.
std::optional<Claims> claims_of(const std::string& payload) {
    try {
        return describe::parse<Claims>(payload);
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::int64_t seconds(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string SignIn::access_token(const Scope& scope, std::int64_t version) const {
    auto now = parts_.clock.now();
    Claims claims{
        keys_.issuer,   std::string(audience),          scope.user(),
        scope.tenant(), Id<Session>{scope.session()},   version,
        seconds(now),   seconds(now + access_lifetime),
    };
    return crypto::sign_jwt(keys_.access.front(), describe::to_json(claims));
}

Task<Scope> SignIn::authenticate(std::string_view access_token, Uuid correlation) {
    if (PersonalTokens::is_one(access_token))
        co_return co_await parts_.tokens.authenticate(std::string(access_token), correlation);
    auto payload = payload_of(keys_.access, access_token);
    if (!payload) throw not_signed_in();
    auto claims = claims_of(*payload);
    auto now = seconds(parts_.clock.now());
    if (!claims || claims->iss != keys_.issuer || claims->aud != audience || claims->nbf > now ||
        claims->exp <= now)
        throw not_signed_in();
    auto live = co_await parts_.guard.find(claims->sid, claims->tid);
    if (!live || live->version != claims->ver) throw not_signed_in();
    co_return scope_of(*live, correlation);
}

Scope SignIn::scope_of(const LiveSession& live, Uuid correlation) const {
    Identity identity;
    identity.tenant = live.tenant;
    identity.user = live.user_id;
    identity.role = live.role;
    identity.cause.correlation = correlation;
    identity.staff = live.is_staff && (live.has_second_factor || !rules_.staff_need_second_factor);
    identity.session = live.session_id.value;
    identity.time_zone = live.time_zone;
    return ScopeMint::mint(identity);
}

Task<Scope> SignIn::act_as(std::string email, Uuid correlation) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    std::optional<Owner> owner;
    if (email.empty()) {
        auto owners = co_await parts_.accounts.first_owners(*anonymous);
        if (owners.empty())
            throw Error(
                ErrorKind::not_found, "accounts.nobody",
                "Nobody has signed up yet; run bootstrap or use the sign-up link."
            );
        if (owners.size() > 1)
            throw Error(
                ErrorKind::invalid, "accounts.several",
                "There are several owners; say which one by --as EMAIL."
            );
        owner = owners.front();
    } else {
        owner = co_await parts_.accounts.find_owner(*anonymous, fold_for_search(email));
        if (!owner)
            throw Error(
                ErrorKind::not_found, "accounts.unknown", "Nobody has signed up with that address."
            );
    }
    Identity identity;
    identity.tenant = owner->tenant_id;
    identity.user = owner->user_id;
    identity.cause.correlation = correlation;
    auto scope = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(scope, sql::Access::read);
    auto role = co_await parts_.tenants.find_role(*tx, scope);
    if (!role)
        throw Error(ErrorKind::forbidden, "accounts.suspended", "That account is not active.");
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    identity.role = *role;
    // Whoever holds the data folder operates the installation.
    identity.staff = true;
    identity.time_zone = account->time_zone;
    co_return ScopeMint::mint(identity);
}

Task<void> SignIn::log_out(
    const Scope& scope, Id<Session> session, const auditing::Origin& origin, Match match
) {
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto version = co_await parts_.accounts.lock_session(*tx, scope, session);
    if (!version) throw Error::not_found("session");
    match.require(*version);
    parts_.accounts.end_session(*tx, scope, session, parts_.clock.now());
    auto act =
        session.value == scope.session() ? auditing::Act::logout : auditing::Act::session_revoked;
    co_await parts_.audit.record(*tx, scope, origin, act, auditing::Outcome::success);
    co_await tx->commit();
    parts_.guard.forget(session);
}

Task<SignedIn> SignIn::body(sql::Tx& tx, Scope scope, Account account, std::int64_t version) {
    auto tenant = co_await parts_.tenants.get(tx, scope);
    SignedIn out;
    out.access_token = access_token(scope, version);
    out.expires_in = std::chrono::seconds(access_lifetime).count();
    out.user = me_of(account, tenant, scope.role());
    co_return out;
}

}  // namespace afterresume::accounts
