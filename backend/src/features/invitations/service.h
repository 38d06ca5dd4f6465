// Makes, checks and redeems invitations. Owned by app/.
#pragma once

#include "core/version.h"
#include "features/auditing/service.h"
#include "features/invitations/schema.h"
#include "features/tenants/service.h"
#include "infra/mail/postbox.h"
#include "infra/sql/database.h"

namespace afterresume::invitations {

// Where a code leads, before anyone has a scope.
struct Place {
    Id<Invitation> invitation_id;
    TenantId tenant_id;
    // Whether this is the code of the mail, which nobody knows but who reads it.
    bool mailed = false;
};
BOOST_DESCRIBE_STRUCT(Place, (), (invitation_id, tenant_id, mailed))

// What a code is that cannot be redeemed, for whatever reason.
Error not_usable();

class Service {
public:
    struct Parts {
        const Clock& clock;
        auditing::Service& audit;
        tenants::Service& tenants;
        mail::Postbox& postbox;
    };
    Service(Parts parts, std::string public_url)
        : clock_(parts.clock),
          audit_(parts.audit),
          tenants_(parts.tenants),
          postbox_(parts.postbox),
          public_url_(std::move(public_url)) {}

    // Who is invited by address gets a mail, with a code of its own. Throws Error(forbidden,
    // "invitations.role_too_high") for a role that is not below the maker's.
    Task<MadeInvitation> create(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, CreateInvitation wanted
    );
    // Of who shall own a tenant that operators made, by a mail. `by` is of the operator, who is no
    // member: the mail is sent for `sender`, the tenant itself.
    Task<Invitation> create_for_owner(
        sql::Tx& tx, const Scope& by, const Scope& sender, const auditing::Origin& origin,
        std::string email
    );
    // Of who shall own the tenant, those that are not redeemed. Waits for whoever is redeeming one:
    // when it returns, they are in or never will be.
    Task<void> revoke_for_owner(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin);
    // The invitation of a tenant's first owner; nobody makes it.
    Task<MadeInvitation> create_first(sql::Tx& tx, const Scope& scope);
    // Newest first.
    Task<InvitationPage> list(sql::Tx& tx, const Scope& scope, ListMore query);
    // Throws Error(not_found).
    Task<Invitation> get(sql::Tx& tx, const Scope& scope, Id<Invitation> id);
    // Throws Error: not_found for one that is redeemed, precondition, forbidden.
    Task<void> revoke(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Invitation> id,
        Match match
    );

    Task<std::optional<Place>> find_place(sql::Tx& anonymous, const std::string& code);
    // Exactly one of any number of concurrent redemptions succeeds. Throws Error(gone,
    // "invitations.not_usable").
    Task<Role> redeem(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Invitation> id,
        const std::string& email_folded
    );
    std::string link_of(const std::string& code) const;
    // Where links lead from now on.
    void reached_at(std::string public_url) { public_url_ = std::move(public_url); }

    // Removes those of the tenant that were redeemed or ran out before `before`; how many.
    Task<std::int64_t> purge(sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most);

private:
    Task<MadeInvitation> invite(
        sql::Tx& tx, const Scope& scope, const Scope& sender, const auditing::Origin& origin,
        CreateInvitation wanted
    );
    Task<void> tell_revoked(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<Invitation> id
    );
    Task<void> mail_to(
        sql::Tx& tx, const Scope& maker, const Scope& sender, std::string address, std::string link,
        const Invitation& invitation
    );
    Task<MadeInvitation> make(
        sql::Tx& tx, const Scope& scope, CreateInvitation wanted,
        const std::optional<std::string>& mailed_code
    );

    const Clock& clock_;
    auditing::Service& audit_;
    tenants::Service& tenants_;
    mail::Postbox& postbox_;
    std::string public_url_;
};

}  // namespace afterresume::invitations
