#include "features/sharing/repository.h"

#include "infra/crypto/crypto.h"

namespace afterresume::sharing {

using sql::named;

void Repository::insert(
    sql::Tx& tx, const Scope& scope, const ShareLink& link, const std::string& token,
    const std::optional<std::string>& password_hash
) {
    static constexpr sql::Statement statement{"sharing.insert", R"sql(
        INSERT INTO share_link (id, tenant_id, user_id, name, report_id, pinned, contacts, token_hash,
                                password_hash, most_views, views, created_at, expires_at)
        VALUES (:id, :tenant_id, :user_id, :name, :report_id, :pinned, :contacts, :token_hash,
                :password_hash, :most_views, 0, :created_at, :expires_at))sql"};
    tx.defer(
        statement, scope, link, named("token_hash", sql::Blob{crypto::sha256(token)}),
        named("password_hash", password_hash)
    );
}

Task<std::vector<ShareLink>> Repository::list(
    sql::Tx& tx, const Scope& scope, std::int64_t before, std::int64_t most
) {
    static constexpr sql::Statement statement{"sharing.list", R"sql(
        SELECT id, name, report_id, pinned, contacts, password_hash IS NOT NULL AS has_password,
               most_views, views, created_at, expires_at, revoked_at, version
        FROM share_link WHERE tenant_id = :tenant_id AND user_id = :user_id AND id < :before
        ORDER BY id DESC LIMIT :most)sql"};
    return tx.all<ShareLink>(statement, scope, named("before", before), named("most", most));
}

Task<std::optional<ShareLink>> Repository::find(sql::Tx& tx, const Scope& scope, Id<ShareLink> id) {
    static constexpr sql::Statement statement{"sharing.find", R"sql(
        SELECT id, name, report_id, pinned, contacts, password_hash IS NOT NULL AS has_password,
               most_views, views, created_at, expires_at, revoked_at, version
        FROM share_link WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    return tx.find<ShareLink>(statement, scope, named("id", id));
}

Task<std::optional<ShareLink>> Repository::find_for_change(
    sql::Tx& tx, const Scope& scope, Id<ShareLink> id
) {
    static constexpr sql::Statement statement{
        "sharing.find_for_change", R"sql(
        SELECT id, name, report_id, pinned, contacts, password_hash IS NOT NULL AS has_password,
               most_views, views, created_at, expires_at, revoked_at, version
        FROM share_link WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id FOR UPDATE)sql"
    };
    return tx.find<ShareLink>(statement, scope, named("id", id));
}

void Repository::update(sql::Tx& tx, const Scope& scope, const ShareLink& link) {
    static constexpr sql::Statement statement{"sharing.update", R"sql(
        UPDATE share_link SET name = :name, contacts = :contacts, most_views = :most_views,
            expires_at = :expires_at, version = :version
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    tx.defer(statement, link, scope);
}

void Repository::revoke(sql::Tx& tx, const Scope& scope, Id<ShareLink> id, Timestamp now) {
    static constexpr sql::Statement statement{
        "sharing.revoke", R"sql(
        UPDATE share_link SET revoked_at = :now, version = version + 1
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id AND revoked_at IS NULL)sql"
    };
    tx.defer(statement, scope, named("id", id), named("now", now));
}

Task<std::vector<ShareView>> Repository::views(
    sql::Tx& tx, const Scope& scope, Id<ShareLink> id, std::int64_t before, std::int64_t most
) {
    static constexpr sql::Statement statement{"sharing.views", R"sql(
        SELECT id, viewed_at FROM share_view
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND share_id = :id AND id < :before
        ORDER BY id DESC LIMIT :most)sql"};
    return tx.all<ShareView>(
        statement, scope, named("id", id), named("before", before), named("most", most)
    );
}

Task<std::optional<Place>> Repository::find_place(sql::Tx& anonymous, const std::string& token) {
    static constexpr sql::Statement statement{
        "sharing.lookup",
        "SELECT share_id, tenant, user_id, role, report_id FROM lookup_share(:token_hash)",
        "SELECT share_id, tenant, user_id, role, report_id FROM lookup_share WHERE token_hash = "
        ":token_hash"
    };
    auto hash = sql::Blob{crypto::sha256(token)};
    co_return co_await anonymous.find<Place>(statement, named("token_hash", hash));
}

Task<std::optional<std::string>> Repository::find_password_hash(
    sql::Tx& tx, const Scope& scope, Id<ShareLink> id
) {
    static constexpr sql::Statement statement{
        "sharing.password", R"sql(
        SELECT password_hash FROM share_link
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id AND password_hash IS NOT NULL)sql"
    };
    return tx.find<std::string>(statement, scope, named("id", id));
}

Task<std::int64_t> Repository::purge_views(
    sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement statement{
        "sharing.purge_views", R"sql(
        DELETE FROM share_view WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM share_view WHERE tenant_id = :tenant_id AND viewed_at < :before LIMIT :most))sql"
    };
    return tx.execute(statement, scope, named("before", before), named("most", most));
}

Task<std::int64_t> Repository::purge(
    sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement statement{
        "sharing.purge", R"sql(
        DELETE FROM share_link WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM share_link
            WHERE tenant_id = :tenant_id AND (expires_at < :before OR revoked_at < :before) LIMIT :most))sql"
    };
    return tx.execute(statement, scope, named("before", before), named("most", most));
}

}  // namespace afterresume::sharing
