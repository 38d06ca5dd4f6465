// The part of SignIn that keeps people signed in: the rotation of refresh tokens.
#include "features/accounts/refresh_use.h"
#include "features/accounts/sign_in.h"
#include "infra/crypto/crypto.h"

namespace afterresume::accounts {

using single_use::Verdict;

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
    auto scope = ScopeMint::mint(identity);
    auto tenant = co_await parts_.tenants.get(*tx, scope);
    auto user = me_of(*account, tenant, scope.role());
    co_await tx->commit();
    co_return grant_of({scope, use.session_version(), std::move(user), std::move(*successor)});
}

}  // namespace afterresume::accounts
