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

std::int64_t seconds(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Identity identity_of(TenantId tenant, UserId user, Role role, Uuid correlation) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = user;
    identity.role = role;
    identity.cause.correlation = correlation;
    return identity;
}

}  // namespace

std::string SignIn::access_token(const Scope& scope, std::int64_t version) const {
    auto now = parts_.clock.now();
    Claims claims{
        keys_.issuer,   std::string(audience),          scope.user(),
        scope.tenant(), Id<Session>{scope.session()},   version,
        seconds(now),   seconds(now + access_lifetime),
    };
    return crypto::sign_jwt(keys_.access, describe::to_json(claims));
}

Task<Scope> SignIn::authenticate(std::string_view access_token, Uuid correlation) {
    auto payload = crypto::verify_jwt(keys_.access, access_token);
    if (!payload) throw not_signed_in();
    auto claims = describe::parse<Claims>(*payload);
    auto now = seconds(parts_.clock.now());
    if (claims.iss != keys_.issuer || claims.aud != audience || claims.nbf > now ||
        claims.exp <= now)
        throw not_signed_in();
    auto live = co_await parts_.guard.find(claims.sid);
    if (!live || live->version != claims.ver) throw not_signed_in();
    auto identity = identity_of(claims.tid, claims.sub, live->role, correlation);
    identity.staff = live->is_staff;
    identity.session = claims.sid.value;
    identity.time_zone = live->time_zone;
    co_return ScopeMint::mint(identity);
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
    auto identity = identity_of(owner->tenant_id, owner->user_id, Role::read_only, correlation);
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

Task<Grant> SignIn::log_in(Login login, auditing::Origin origin, Uuid correlation) {
    // Verified in place of a missing one, so that an unknown address takes as long as a wrong
    // password.
    static const std::string nobody = crypto::hash_password("nobody has this password");
    auto email = fold_for_search(login.email);
    co_await parts_.guesses.count("password", email, most_passwords);
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_owner(*anonymous, email);
    auto identity =
        owner ? identity_of(owner->tenant_id, owner->user_id, Role::read_only, correlation)
              : Identity{};
    auto scope = ScopeMint::mint(identity);
    auto reading = parts_.database.begin(scope, sql::Access::read);
    auto account = co_await parts_.accounts.find(*reading, identity.user);
    const auto& hash = account ? account->password_hash : nobody;
    auto matches = co_await parts_.hashing.matches(hash, std::move(login.password));
    if (!account) throw wrong_credentials();
    auto tx = parts_.database.begin(scope, sql::Access::write);
    if (!matches || !account->is_active) {
        co_await parts_.audit.record(
            *tx, scope, origin, auditing::Act::login, auditing::Outcome::failure
        );
        co_await tx->commit();
        throw wrong_credentials();
    }
    auto role = co_await parts_.tenants.find_role(*tx, scope);
    if (!role) throw wrong_credentials();
    identity.role = *role;
    co_await parts_.audit.record(
        *tx, scope, origin, auditing::Act::login, auditing::Outcome::success
    );
    auto grant =
        co_await open_session(std::move(tx), identity, std::move(*account), std::move(origin));
    co_await parts_.guesses.forget("password", email);
    co_return grant;
}

Task<void> SignIn::log_out(
    const Scope& scope, Id<Session> session, const auditing::Origin& origin
) {
    auto tx = parts_.database.begin(scope, sql::Access::write);
    auto ended = co_await parts_.accounts.end_session(*tx, scope, session, parts_.clock.now());
    if (!ended) throw Error::not_found("session");
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
