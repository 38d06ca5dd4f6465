#include "features/sharing/viewing.h"

namespace afterresume::sharing {

using sql::named;

Task<bool> View::lock(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "sharing.lock",
        R"sql(
        SELECT id, name, report_id, pinned, contacts, password_hash IS NOT NULL AS has_password,
               most_views, views, created_at, expires_at, revoked_at, version
        FROM share_link WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id
          AND revoked_at IS NULL AND expires_at > clock_timestamp() FOR UPDATE)sql",
        R"sql(
        SELECT id, name, report_id, pinned, contacts, password_hash IS NOT NULL AS has_password,
               most_views, views, created_at, expires_at, revoked_at, version
        FROM share_link WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id
          AND revoked_at IS NULL
          AND expires_at > CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))sql"
    };
    link_ = co_await tx.find<ShareLink>(statement, scope_, named("id", id_));
    co_return link_.has_value();
}

single_use::Verdict View::check() const {
    return link_->most_views && link_->views >= *link_->most_views ? single_use::Verdict::spent
                                                                   : single_use::Verdict::fresh;
}

Task<bool> View::consume(sql::Tx& tx) {
    static constexpr sql::Statement statement{"sharing.view", R"sql(
        UPDATE share_link SET views = views + 1
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id
          AND (most_views IS NULL OR views < most_views))sql"};
    co_return co_await tx.execute(statement, scope_, named("id", id_)) == 1;
}

Task<void> View::audit(sql::Tx& tx, single_use::Verdict) {
    static constexpr sql::Statement statement{"sharing.note_view", R"sql(
        INSERT INTO share_view (id, tenant_id, user_id, share_id, viewed_at)
        VALUES (:view_id, :tenant_id, :user_id, :id, :now))sql"};
    auto view = co_await tx.new_id<ShareView>();
    tx.defer(statement, scope_, named("view_id", view), named("id", id_), named("now", now_));
}

}  // namespace afterresume::sharing
