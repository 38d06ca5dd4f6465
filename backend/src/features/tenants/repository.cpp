#include "features/tenants/repository.h"

namespace afterresume::tenants {

using sql::named;

void Repository::lock_tenant(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "tenants.lock", "SELECT id FROM tenant WHERE id = :tenant_id FOR NO KEY UPDATE"
    };
    tx.defer(statement, scope);
}

Task<std::vector<Member>> Repository::list(
    sql::Tx& tx, const Scope& scope, std::int64_t after, std::int64_t most
) {
    static constexpr sql::Statement statement{"members.list", R"sql(
        SELECT m.id, m.user_id, u.display_name, u.email, m.role, m.status, m.share_percent, m.version, m.created_at
        FROM membership m JOIN app_user u ON u.id = m.user_id
        WHERE m.tenant_id = :tenant_id AND m.id > :after ORDER BY m.id LIMIT :most)sql"};
    return tx.all<Member>(statement, scope, named("after", after), named("most", most));
}

Task<std::optional<Member>> Repository::find(sql::Tx& tx, const Scope& scope, Id<Member> id) {
    static constexpr sql::Statement statement{"members.find", R"sql(
        SELECT m.id, m.user_id, u.display_name, u.email, m.role, m.status, m.share_percent, m.version, m.created_at
        FROM membership m JOIN app_user u ON u.id = m.user_id
        WHERE m.tenant_id = :tenant_id AND m.id = :id)sql"};
    return tx.find<Member>(statement, scope, named("id", id));
}

Task<std::optional<Member>> Repository::find_own(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"members.find_own", R"sql(
        SELECT m.id, m.user_id, u.display_name, u.email, m.role, m.status, m.share_percent, m.version, m.created_at
        FROM membership m JOIN app_user u ON u.id = m.user_id
        WHERE m.tenant_id = :tenant_id AND m.user_id = :user_id)sql"};
    return tx.find<Member>(statement, scope);
}

void Repository::update(sql::Tx& tx, const Scope& scope, const Member& member, Timestamp now) {
    static constexpr sql::Statement statement{"members.update", R"sql(
        UPDATE membership
        SET role = :role, status = :status, share_percent = :share_percent, version = :version, updated_at = :now
        WHERE tenant_id = :tenant_id AND id = :id)sql"};
    tx.defer(
        statement, named("tenant_id", scope.tenant()), named("id", member.id),
        named("role", member.role), named("status", member.status),
        named("share_percent", member.share_percent), named("version", member.version),
        named("now", now)
    );
}

void Repository::remove(sql::Tx& tx, const Scope& scope, Id<Member> id) {
    static constexpr sql::Statement statement{
        "members.remove", "DELETE FROM membership WHERE tenant_id = :tenant_id AND id = :id"
    };
    tx.defer(statement, scope, named("id", id));
}

Task<std::int64_t> Repository::count_owners(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"members.count_owners", R"sql(
        SELECT count(*) FROM membership
        WHERE tenant_id = :tenant_id AND role = 'owner' AND status = 'active')sql"};
    return tx.one<std::int64_t>(statement, scope);
}

}  // namespace afterresume::tenants
