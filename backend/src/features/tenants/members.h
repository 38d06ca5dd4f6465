// The rules of who belongs to a tenant and as what. Changes take turns at the tenant's row, so that
// any number at once leave it an owner; whoever changes anything is asked for their role anew, in
// that turn. Owned by app/.
#pragma once

#include "features/tenants/repository.h"
#include "features/tenants/service.h"

namespace afterresume::tenants {

class Members {
public:
    struct Parts {
        Repository& rows;
        Service& tenants;
        auditing::Service& audit;
        const Clock& clock;
    };
    explicit Members(Parts parts) : parts_(parts) {}

    // The longest membership first. Throws Error(malformed) for a cursor that is none of ours.
    Task<MemberPage> list(sql::Tx& tx, const Scope& scope, ListMembers query);
    Task<Member> get(sql::Tx& tx, const Scope& scope, Id<Member> id);
    // All of these throw Error: forbidden ("request.not_permitted", "tenants.role_too_high" for
    // members or roles that are not below one's own), not_found, precondition, and conflict
    // ("tenants.last_owner") for what would leave the tenant without an owner who is active.
    Task<Member> edit(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Member> id, Match match,
        EditMember change
    );
    Task<void> remove(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Member> id, Match match
    );
    // The scope's user belongs to the tenant no more.
    Task<void> leave(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin);
    // The member becomes an owner, and who was one an admin.
    Task<Member> transfer(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Member> to
    );

private:
    Task<Role> begin(sql::Tx& tx, const Scope& scope, Permission permission);
    Task<void> require_owner(sql::Tx& tx, const Scope& scope);
    Task<void> tell(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, auditing::Act act,
        const Member& member
    );

    Parts parts_;
};

}  // namespace afterresume::tenants
