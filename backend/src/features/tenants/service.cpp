#include "features/tenants/service.h"

namespace afterresume::tenants {

namespace {

struct RoleOnly {
    Role role = Role::read_only;
};
BOOST_DESCRIBE_STRUCT(RoleOnly, (), (role))

}  // namespace

Task<void> Service::create(sql::Tx& tx, const Scope& scope, const std::string& name) {
    static constexpr sql::Statement statement{"tenants.insert", R"sql(
        INSERT INTO tenant (id, tenant_id, name, slug, plan, status, created_at, updated_at)
        VALUES (:tenant_id, :tenant_id, :name, :slug, 'free', 'active', :now, :now))sql"};
    tx.defer(
        statement, scope, sql::named("name", name),
        sql::named("slug", slug_of(name, scope.tenant())), sql::named("now", clock_.now())
    );
    co_return;
}

Task<void> Service::join(sql::Tx& tx, const Scope& scope, Role role) {
    static constexpr sql::Statement statement{"tenants.join", R"sql(
        INSERT INTO membership (id, tenant_id, user_id, role, status, created_at, updated_at)
        VALUES (:id, :tenant_id, :user_id, :role, 'active', :now, :now))sql"};
    auto id = co_await tx.new_id<Membership>();
    tx.defer(
        statement, scope, sql::named("id", id), sql::named("role", role),
        sql::named("now", clock_.now())
    );
}

Task<TenantView> Service::get(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"tenants.get", R"sql(
        SELECT id, name, slug, plan, status, created_at FROM tenant WHERE id = :tenant_id)sql"};
    co_return co_await tx.one<TenantView>(statement, scope);
}

Task<std::vector<Membership>> Service::members(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "tenants.members", R"sql(
        SELECT id, user_id, role, status, created_at FROM membership WHERE tenant_id = :tenant_id ORDER BY id LIMIT 1000)sql"
    };
    co_return co_await tx.all<Membership>(statement, scope);
}

Task<std::optional<Role>> Service::find_role(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"tenants.role", R"sql(
        SELECT m.role FROM membership m
        JOIN tenant t ON t.id = m.tenant_id AND t.status = 'active'
        JOIN app_user u ON u.id = m.user_id AND u.is_active
        WHERE m.tenant_id = :tenant_id AND m.user_id = :user_id AND m.status = 'active')sql"};
    auto found = co_await tx.find<RoleOnly>(statement, scope);
    if (!found) co_return std::nullopt;
    co_return found->role;
}

Task<std::vector<TenantId>> Service::list_all(
    sql::Tx& anonymous, TenantId after, std::int64_t most
) {
    static constexpr sql::Statement statement{
        "tenants.list_all", "SELECT tenant_id FROM lookup_tenants(:after, :most)",
        "SELECT tenant_id FROM lookup_tenant WHERE tenant_id > :after ORDER BY tenant_id LIMIT "
        ":most"
    };
    return anonymous.all<TenantId>(statement, sql::named("after", after), sql::named("most", most));
}

}  // namespace afterresume::tenants
