// One use of an invitation, by whoever signs up with its code.
#pragma once

#include "features/auditing/service.h"
#include "features/invitations/model.h"
#include "infra/single_use/single_use.h"

namespace afterresume::invitations {

// Locked until the transaction ends, which redeems or revokes it.
Task<std::optional<Invitation>> lock_invitation(sql::Tx& tx, const Scope& scope, Id<Invitation> id);

class Redemption final : public single_use::Use {
public:
    // The scope is that of the new user in the invitation's tenant.
    Redemption(
        auditing::Service& audit, const Scope& scope, const auditing::Origin& origin,
        Id<Invitation> id, const std::string& email_folded, Timestamp now
    )
        : audit_(audit), scope_(scope), origin_(origin), id_(id), email_(email_folded), now_(now) {}

    Task<bool> lock(sql::Tx& tx) override;
    single_use::Verdict check() const override;
    Task<bool> consume(sql::Tx& tx) override;
    Task<void> audit(sql::Tx& tx, single_use::Verdict verdict) override;

    // Of the invitation alone, whatever the one who redeems it asks for.
    Role role() const { return invitation_->role; }

private:
    auditing::Service& audit_;
    const Scope& scope_;
    const auditing::Origin& origin_;
    Id<Invitation> id_;
    const std::string& email_;
    Timestamp now_;
    std::optional<Invitation> invitation_;
};

}  // namespace afterresume::invitations
