// The part of SignIn that takes people into more tenants.
#include "features/accounts/sign_in.h"

#include <boost/json/value.hpp>

namespace afterresume::accounts {

namespace {

Error member_already() {
    return Error(
        ErrorKind::conflict, "tenants.member_already", "You are a member of this workspace already."
    );
}

}  // namespace

Task<Scope> SignIn::in_new_tenant(Scope scope) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::write);
    co_return scope_in(co_await anonymous->new_id<Tenant>(), scope);
}

Task<tenants::OwnTenant> SignIn::create_tenant(
    sql::Tx& tx, const Scope& inside, std::string name, auditing::Origin origin
) {
    co_await parts_.tenants.create(tx, inside, name);
    co_return co_await enter(tx, inside, origin, auditing::Act::tenant_created, Role::owner);
}

Task<SignIn::Invited> SignIn::find_invited(Scope scope, std::string code) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto place = co_await parts_.invitations.find_place(*anonymous, code);
    if (!place) throw invitations::not_usable();
    co_return Invited{scope_in(place->tenant_id, scope), *place};
}

Task<tenants::OwnTenant> SignIn::accept_invitation(
    sql::Tx& tx, const Invited& invited, auditing::Origin origin
) {
    const auto& inside = invited.inside;
    auto account = co_await parts_.accounts.find(tx, inside.user());
    if (!account) throw Error::not_found("account");
    auto role = co_await parts_.invitations.redeem(
        tx, inside, origin, invited.place.invitation_id, account->email_folded
    );
    if (invited.place.mailed) parts_.accounts.note_verified(tx, inside.user(), parts_.clock.now());
    co_return co_await enter(tx, inside, origin, auditing::Act::member_joined, role);
}

// As whatever the transaction has made possible.
Task<tenants::OwnTenant> SignIn::enter(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, auditing::Act act, Role role
) {
    auto theirs = co_await parts_.tenants.list_own(tx, scope);
    for (const auto& one : theirs) {
        if (one.id == scope.tenant()) throw member_already();
    }
    if (theirs.size() >= tenants::most_of_one_user)
        throw Error(
            ErrorKind::conflict, "tenants.too_many", "You belong to 50 workspaces already."
        );
    JsonObject data{{"role", describe::name_of(role)}};
    co_await parts_.audit.record(
        tx, scope, origin, act, auditing::Outcome::success, std::move(data)
    );
    try {
        co_await parts_.tenants.join(tx, scope, role);
        auto tenant = co_await parts_.tenants.get(tx, scope);
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
