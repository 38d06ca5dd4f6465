#include "features/invitations/redemption.h"

#include <boost/json/value.hpp>

namespace afterresume::invitations {

using single_use::Verdict;

Task<std::optional<Invitation>> lock_invitation(
    sql::Tx& tx, const Scope& scope, Id<Invitation> id
) {
    static constexpr sql::Statement statement{"invitations.lock", R"sql(
        SELECT id, email_folded AS email, role, created_at, expires_at, redeemed_at,
               CAST(CASE WHEN redeemed_at IS NULL THEN 1 ELSE 2 END AS bigint) AS version
        FROM invitation WHERE tenant_id = :tenant_id AND id = :id FOR UPDATE)sql"};
    return tx.find<Invitation>(statement, scope, sql::named("id", id));
}

Task<bool> Redemption::lock(sql::Tx& tx) {
    invitation_ = co_await lock_invitation(tx, scope_, id_);
    co_return invitation_.has_value();
}

Verdict Redemption::check() const {
    auto for_them = !invitation_->email || *invitation_->email == email_;
    return invitation_->open_at(now_) && for_them ? Verdict::fresh : Verdict::spent;
}

Task<bool> Redemption::consume(sql::Tx& tx) {
    static constexpr sql::Statement statement{"invitations.redeem", R"sql(
        UPDATE invitation SET redeemed_at = :now, redeemer_id = :user_id
        WHERE tenant_id = :tenant_id AND id = :id AND redeemed_at IS NULL)sql"};
    co_return co_await tx.execute(
        statement, scope_, sql::named("id", id_), sql::named("now", now_)
    ) == 1;
}

Task<void> Redemption::audit(sql::Tx& tx, Verdict) {
    JsonObject data{{"invitation_id", id_.value}};
    co_await audit_.record(
        tx, scope_, origin_, auditing::Act::invitation_redeemed, auditing::Outcome::success,
        std::move(data)
    );
}

}  // namespace afterresume::invitations
