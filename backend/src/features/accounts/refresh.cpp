// The part of SignIn that keeps people signed in: sessions and the rotation of their refresh
// tokens.
#include "features/accounts/refresh_use.h"
#include "features/accounts/sign_in.h"
#include "infra/crypto/crypto.h"

namespace afterresume::accounts {

using single_use::Verdict;

namespace {

constexpr auto session_lifetime = std::chrono::days(30);

Error not_signed_in() {
    return Error(ErrorKind::unauthenticated, "accounts.not_signed_in", "Sign in to do this.");
}

}  // namespace

// Not yet a row, but the identity is signed in by it.
Task<Session> SignIn::new_session(
    Proven& proven, const auditing::Origin& origin, std::chrono::seconds lifetime
) {
    auto now = parts_.clock.now();
    Session session;
    session.id = co_await proven.tx->new_id<Session>();
    session.sign_in_epoch = proven.account.sign_in_epoch;
    session.user_agent = origin.user_agent.substr(0, 300);
    session.address = origin.address;
    session.created_at = session.last_used_at = now;
    session.expires_at = now + lifetime;
    proven.identity.session = session.id.value;
    proven.identity.time_zone = proven.account.time_zone;
    parts_.accounts.touch_login(*proven.tx, proven.account.id, now);
    co_return session;
}

Task<Grant> SignIn::open_session(Proven proven, auditing::Origin origin) {
    auto session = co_await new_session(proven, origin, session_lifetime);
    auto scope = ScopeMint::mint(proven.identity);
    auto& tx = *proven.tx;
    Grant grant;
    grant.refresh_token = crypto::random_token();
    auto token_id = co_await tx.new_id<Grant>();
    parts_.accounts.insert_session(tx, scope, session);
    parts_.accounts.insert_token(
        tx, scope, session.id, token_id.value, crypto::sha256(grant.refresh_token),
        crypto::sha256(origin.user_agent), session.created_at
    );
    grant.body = co_await body(tx, scope, std::move(proven.account), session.version);
    co_await tx.commit();
    co_return grant;
}

// Where the next access token is good: asked before the family is locked, decided by the role that
// is read under the lock.
Task<TenantId> SignIn::tenant_for(
    Identity identity, const TokenOwner& owner, std::optional<TenantId> wanted
) {
    identity.tenant = owner.last_tenant_id;
    auto scope = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(scope, sql::Access::read);
    auto theirs = co_await parts_.tenants.list_own(*tx, scope);
    auto tenant = wanted.value_or(owner.last_tenant_id);
    for (const auto& one : theirs) {
        if (one.id == tenant) co_return tenant;
    }
    if (wanted) throw Error::not_found("tenant");
    if (theirs.empty()) throw not_signed_in();
    co_return theirs.front().id;
}

Task<Grant> SignIn::refresh(
    std::string token, std::optional<TenantId> wanted, auditing::Origin origin, Uuid correlation
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_token_owner(*anonymous, crypto::sha256(token));
    if (!owner) throw not_signed_in();
    Identity identity;
    identity.user = owner->user_id;
    identity.session = owner->session_id.value;
    identity.cause.correlation = correlation;
    identity.tenant = co_await tenant_for(identity, *owner, wanted);
    auto provisional = ScopeMint::mint(identity);
    auto tx = parts_.database.begin(provisional, sql::Access::write);
    RefreshUse use(
        {parts_.accounts, parts_.audit}, provisional, *owner, std::move(token), origin,
        parts_.clock.now()
    );
    auto verdict = co_await single_use::once(*tx, use);
    if (verdict == Verdict::abused) {
        co_await tx->commit();
        parts_.guard.forget(owner->session_id);
    }
    if (verdict == Verdict::abused || verdict == Verdict::spent) throw not_signed_in();
    auto role = co_await parts_.tenants.find_role(*tx, provisional);
    auto account = co_await parts_.accounts.find(*tx, provisional.user());
    auto successor = use.successor();
    if (!role || !account || !successor) throw not_signed_in();
    identity.role = *role;
    Grant grant;
    grant.refresh_token = std::move(*successor);
    grant.body =
        co_await body(*tx, ScopeMint::mint(identity), std::move(*account), use.session_version());
    co_await tx->commit();
    co_return grant;
}

}  // namespace afterresume::accounts
