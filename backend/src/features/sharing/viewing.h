// One view of a share link: counted under the link's lock, so that any number at once are no more
// than may be.
#pragma once

#include "features/sharing/repository.h"
#include "infra/single_use/single_use.h"

namespace afterresume::sharing {

class View final : public single_use::Use {
public:
    View(const Scope& scope, Id<ShareLink> id, Timestamp now) : scope_(scope), id_(id), now_(now) {}

    // A link that was revoked or has expired, by the database's time, is none.
    Task<bool> lock(sql::Tx& tx) override;
    single_use::Verdict check() const override;
    Task<bool> consume(sql::Tx& tx) override;
    // The time, and nothing of who it was.
    Task<void> audit(sql::Tx& tx, single_use::Verdict verdict) override;

    // Under the lock.
    const ShareLink& link() const { return *link_; }

private:
    const Scope& scope_;
    Id<ShareLink> id_;
    Timestamp now_;
    std::optional<ShareLink> link_;
};

}  // namespace afterresume::sharing
