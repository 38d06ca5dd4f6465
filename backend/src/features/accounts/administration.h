// What operators do to people and tenants. Opens its own transactions, each in the tenant
// concerned, whose trail tells of the act; whether the operator may is asked in the same. Owned by
// app/.
#pragma once

#include "core/version.h"
#include "features/accounts/administration_schema.h"
#include "features/accounts/deletion.h"
#include "features/accounts/hashing.h"
#include "features/invitations/service.h"
#include "features/tenants/service.h"

namespace afterresume::accounts {

class Administration {
public:
    struct Parts {
        sql::Database& database;
        Repository& accounts;
        Credentials& credentials;
        Hashing& hashing;
        Deletion& deletion;
        tenants::Service& tenants;
        tenants::Administration& any_tenant;
        invitations::Service& invitations;
        auditing::Service& audit;
        const Clock& clock;
    };
    explicit Administration(Parts parts) : parts_(parts) {}

    // For transactions of the engine. In order of id; who deleted their account is nobody.
    Task<PersonPage> list(sql::Tx& engine, ListPeople query);
    // Throws Error(not_found).
    Task<Person> get(sql::Tx& engine, UserId id);

    // All that follows throws Error: forbidden ("accounts.may_only_look"), not_found; and with a
    // match, precondition.
    //
    // Somebody who owns a tenant of their own and sets a password by the mail that goes out. Throws
    // Error(conflict, "accounts.address_taken").
    Task<Person> make(NewPerson wanted, Scope by, auditing::Origin origin);
    // Whoever is deactivated is signed out of everything. Throws Error: conflict
    // ("accounts.last_operator") where nobody could operate any more; invalid for the right to
    // operate of somebody who is no operator.
    Task<Person> change(
        UserId id, Match match, ChangePerson wanted, Scope by, auditing::Origin origin
    );
    // Their sessions and tokens are void.
    Task<void> sign_out(UserId id, Scope by, auditing::Origin origin);
    // As Credentials::reset_second_factor().
    Task<void> remove_second_factor(UserId id, Scope by, auditing::Origin origin);
    // As Deletion::delete_account().
    Task<void> remove(UserId id, Match match, Scope by, auditing::Origin origin);

    // Whom a mail invites owns it; until then nobody is in it. Throws Error(invalid) for a plan
    // that there is not, as the next does.
    Task<tenants::AnyTenant> make_tenant(
        tenants::NewTenant wanted, Scope by, auditing::Origin origin
    );
    Task<tenants::AnyTenant> change_tenant(
        TenantId id, Match match, tenants::ChangeTenant wanted, Scope by, auditing::Origin origin
    );
    Task<tenants::AnyTenant> close_tenant(
        TenantId id, Match match, Scope by, auditing::Origin origin
    );
    // By another mail, of a tenant that has no owner yet; who was invited so before is no longer.
    // Throws Error(conflict): "tenants.has_owner", "tenants.not_active".
    Task<invitations::Invitation> invite_owner(
        TenantId id, tenants::InviteOwner wanted, Scope by, auditing::Origin origin
    );

private:
    // A person, locked, in a transaction of their own tenant.
    struct Held {
        std::unique_ptr<sql::Tx> tx;
        Scope scope;
        Person person;
        // All of them, who stay so as long.
        std::vector<UserId> operators;
    };
    Task<Person> find(UserId id);
    Task<Held> hold(UserId id, Match match, Scope by);
    Task<tenants::AnyTenant> find_tenant(TenantId id);

    Parts parts_;
};

}  // namespace afterresume::accounts
