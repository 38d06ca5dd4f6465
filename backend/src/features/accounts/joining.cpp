// The part of SignIn that takes people into more tenants: scopes of those come into being here.
#include "features/accounts/sign_in.h"

#include <boost/json/value.hpp>

namespace afterresume::accounts {

namespace {

Scope scope_in(TenantId tenant, const Scope& scope) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = scope.user();
    identity.role = Role::read_only;
    identity.session = scope.session();
    identity.time_zone = scope.time_zone();
    identity.cause = scope.cause();
    return ScopeMint::mint(identity);
}

Error member_already() {
    return Error(
        ErrorKind::conflict, "tenants.member_already", "You are a member of this workspace already."
    );
}

}  // namespace

Task<tenants::OwnTenant> SignIn::create_tenant(
    const Scope& scope, std::string name, auditing::Origin origin
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    auto inside = scope_in(co_await anonymous->new_id<Tenant>(), scope);
    auto tx = parts_.database.begin(inside, sql::Access::write);
    co_await parts_.tenants.create(*tx, inside, name);
    co_return co_await enter(
        std::move(tx), inside, std::move(origin), auditing::Act::tenant_created, Role::owner
    );
}

Task<tenants::OwnTenant> SignIn::accept_invitation(
    const Scope& scope, std::string code, auditing::Origin origin
) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto place = co_await parts_.invitations.find_place(*anonymous, code);
    if (!place) throw invitations::not_usable();
    auto inside = scope_in(place->tenant_id, scope);
    auto tx = parts_.database.begin(inside, sql::Access::write);
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    if (!account) throw Error::not_found("account");
    auto role = co_await parts_.invitations.redeem(
        *tx, inside, origin, place->invitation_id, account->email_folded
    );
    co_return co_await enter(
        std::move(tx), inside, std::move(origin), auditing::Act::member_joined, role
    );
}

// As whatever the transaction has made possible.
Task<tenants::OwnTenant> SignIn::enter(
    std::unique_ptr<sql::Tx> tx, Scope scope, auditing::Origin origin, auditing::Act act, Role role
) {
    auto theirs = co_await parts_.tenants.list_own(*tx, scope);
    for (const auto& one : theirs) {
        if (one.id == scope.tenant()) throw member_already();
    }
    if (theirs.size() >= tenants::most_of_one_user)
        throw Error(
            ErrorKind::conflict, "tenants.too_many", "You belong to 50 workspaces already."
        );
    JsonObject data{{"role", describe::name_of(role)}};
    co_await parts_.audit.record(
        *tx, scope, origin, act, auditing::Outcome::success, std::move(data)
    );
    try {
        co_await parts_.tenants.join(*tx, scope, role);
        auto tenant = co_await parts_.tenants.get(*tx, scope);
        co_await tx->commit();
        co_return tenants::OwnTenant{tenant.id,   tenant.name,       tenant.slug,
                                     tenant.plan, tenant.status,     tenant.purge_at,
                                     role,        parts_.clock.now()};
    } catch (const Error& error) {
        // Another request of theirs, or a membership that is suspended.
        if (error.code() == "sql.unique") throw member_already();
        throw;
    }
}

}  // namespace afterresume::accounts
