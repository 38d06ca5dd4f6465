// One use of a refresh token: rotates the newest of its family, gives the direct parent's successor
// again for ten seconds, and ends the family on any other reuse.
#pragma once

#include "features/accounts/repository.h"
#include "features/auditing/service.h"
#include "infra/single_use/single_use.h"

namespace afterresume::accounts {

// How long the answer of a rotation is given again.
constexpr std::chrono::seconds refresh_grace{10};

class RefreshUse final : public single_use::Use {
public:
    struct Parts {
        Repository& accounts;
        auditing::Service& audit;
    };
    // `secret` is the token itself; its owner was looked up by its hash.
    RefreshUse(
        Parts parts, const Scope& scope, TokenOwner owner, std::string secret,
        const auditing::Origin& origin, Timestamp now
    )
        : parts_(parts),
          scope_(scope),
          owner_(owner),
          secret_(std::move(secret)),
          origin_(origin),
          now_(now) {}

    Task<bool> lock(sql::Tx& tx) override;
    single_use::Verdict check() const override;
    Task<bool> consume(sql::Tx& tx) override;
    Task<void> succeed(sql::Tx& tx) override;
    Task<void> punish(sql::Tx& tx) override;
    Task<void> audit(sql::Tx& tx, single_use::Verdict verdict) override;

    // After a fresh or a repeated use: the token that takes this one's place. Nothing when it
    // cannot be opened any more.
    std::optional<std::string> successor() const;
    std::int64_t session_version() const { return state_->version; }

private:
    Parts parts_;
    const Scope& scope_;
    TokenOwner owner_;
    std::string secret_;
    const auditing::Origin& origin_;
    Timestamp now_;
    std::optional<TokenState> state_;
    std::string made_;
};

}  // namespace afterresume::accounts
