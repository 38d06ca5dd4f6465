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

Task<FirstStep> SignIn::log_in(Login login, auditing::Origin origin, Uuid correlation) {
    auto taken = co_await steps_.log_in(std::move(login), std::move(origin), correlation);
    FirstStep step{std::nullopt, std::move(taken.mfa_token), taken.mfa_seconds};
    if (taken.grant) step.grant = grant_of(std::move(*taken.grant));
    co_return step;
}

Task<Grant> SignIn::log_in(LoginCode login, auditing::Origin origin, Uuid correlation) {
    co_return grant_of(co_await steps_.log_in(std::move(login), std::move(origin), correlation));
}

Task<Grant> SignIn::open_session(Proven proven, auditing::Origin origin) {
    co_return grant_of(co_await steps_.open_session(std::move(proven), std::move(origin)));
}

Grant SignIn::grant_of(HeldSession held) const {
    Grant grant;
    grant.body.access_token = access_token(held.scope, held.version);
    grant.body.expires_in = std::chrono::seconds(access_lifetime).count();
    grant.body.user = std::move(held.user);
    grant.refresh_token = std::move(held.secret);
    return grant;
}

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
    co_return steps_.scope_of(*live, correlation);
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
    auto identity = identity_of(*owner, correlation);
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

}  // namespace afterresume::accounts
