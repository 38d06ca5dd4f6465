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
        INSERT INTO tenant (id, tenant_id, name, slug, status, created_at, updated_at)
        VALUES (:tenant_id, :tenant_id, :name, :slug, 'active', :now, :now))sql"};
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
    auto id = co_await tx.new_id<Member>();
    tx.defer(
        statement, scope, sql::named("id", id), sql::named("role", role),
        sql::named("now", clock_.now())
    );
    if (quotas_ != nullptr) co_await quotas_->require_members(tx, scope);
}

Task<TenantView> Service::get(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "tenants.get", R"sql(
        SELECT id, name, slug, status, purge_at, version, created_at FROM tenant WHERE id = :tenant_id)sql"
    };
    auto tenant = co_await tx.one<TenantView>(statement, scope);
    tenant.plan = co_await find_plan(tenant.id);
    co_return tenant;
}

Task<std::optional<std::string>> Service::find_plan(TenantId tenant) {
    if (quotas_ == nullptr) co_return std::nullopt;
    co_return co_await quotas_->find_plan(tenant);
}

Task<TenantView> Service::edit(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Match match, EditTenant change
) {
    static constexpr sql::Statement find{"tenants.find_for_change", R"sql(
        SELECT id, name, slug, status, purge_at, version, created_at FROM tenant
        WHERE id = :tenant_id FOR UPDATE)sql"};
    static constexpr sql::Statement update{
        "tenants.update", R"sql(
        UPDATE tenant SET name = :name, version = :version, updated_at = :now WHERE id = :tenant_id)sql"
    };
    auto tenant = co_await tx.one<TenantView>(find, scope);
    tenant.plan = co_await find_plan(tenant.id);
    co_await require(tx, scope, Permission::manage);
    match.require(tenant.version);
    change.name.apply_to(tenant.name);
    tenant.version += 1;
    tx.defer(update, scope, tenant, sql::named("now", clock_.now()));
    co_await audit_.record(
        tx, scope, origin, auditing::Act::tenant_changed, auditing::Outcome::success
    );
    co_return tenant;
}

Task<std::vector<OwnTenant>> Service::list_own(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "tenants.list_own",
        "SELECT tenant AS id, name, slug, status, purge_at, role, joined_at FROM "
        "lookup_own_tenants()",
        R"sql(
        SELECT tenant AS id, name, slug, status, purge_at, role, joined_at FROM lookup_own_tenant
        WHERE user_id = :user_id ORDER BY status, membership_id LIMIT 200)sql"
    };
    auto theirs = co_await tx.all<OwnTenant>(statement, scope);
    for (auto& one : theirs) one.plan = co_await find_plan(one.id);
    co_return theirs;
}

Task<OwnTenantPage> Service::page_own(sql::Tx& tx, const Scope& scope, ListMore query) {
    // One number orders the list: ids are below 2^53.
    static constexpr sql::Statement statement{
        "tenants.page_own", R"sql(
        SELECT tenant AS id, name, slug, status, purge_at, role, joined_at FROM lookup_own_tenants()
        WHERE tenant + CASE status WHEN 'active' THEN 0 ELSE 9007199254740992 END > :after
        ORDER BY status, tenant LIMIT :most)sql",
        R"sql(
        SELECT tenant AS id, name, slug, status, purge_at, role, joined_at FROM lookup_own_tenant
        WHERE user_id = :user_id AND tenant + CASE status WHEN 'active' THEN 0 ELSE 9007199254740992 END > :after
        ORDER BY status, tenant LIMIT :most)sql"
    };
    auto rows = co_await tx.all<OwnTenant>(
        statement, scope, sql::named("after", query.cursor.value_or(0)),
        sql::named("most", query.page_size + 1)
    );
    auto page = cut_page(std::move(rows), query.page_size, [](const OwnTenant& last) {
        auto later = last.status == TenantStatus::active ? 0 : std::int64_t{1} << 53;
        return std::to_string(last.id.value + later);
    });
    for (auto& one : page.items) one.plan = co_await find_plan(one.id);
    co_return OwnTenantPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<std::optional<Role>> Service::find_role(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"tenants.role", R"sql(
        SELECT CASE t.status WHEN 'active' THEN m.role ELSE 'read_only' END AS role FROM membership m
        JOIN tenant t ON t.id = m.tenant_id AND t.status IN ('active', 'pending_deletion')
        JOIN app_user u ON u.id = m.user_id AND u.is_active
        WHERE m.tenant_id = :tenant_id AND m.user_id = :user_id AND m.status = 'active')sql"};
    auto found = co_await tx.find<RoleOnly>(statement, scope);
    if (!found) co_return std::nullopt;
    co_return found->role;
}

Task<std::vector<TenantId>> Service::list_memberships(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "tenants.list_memberships", "SELECT tenant FROM lookup_own_memberships(:after)", R"sql(
        SELECT tenant FROM lookup_own_membership
        WHERE user_id = :user_id AND tenant > :after ORDER BY tenant LIMIT 200)sql"
    };
    std::vector<TenantId> all;
    for (TenantId last{0};; last = all.back()) {
        auto some = co_await tx.all<TenantId>(statement, scope, sql::named("after", last));
        if (some.empty()) break;
        all.insert(all.end(), some.begin(), some.end());
    }
    co_return all;
}

Task<Role> Service::require(sql::Tx& tx, const Scope& scope, Permission permission) {
    auto role = co_await find_role(tx, scope);
    auto needed = permission == Permission::own      ? Role::owner
                  : permission == Permission::manage ? Role::admin
                  : permission == Permission::write  ? Role::member
                                                     : Role::read_only;
    if (role && *role <= needed) co_return *role;
    throw Error(
        ErrorKind::forbidden, "request.not_permitted", "Your role here does not permit this."
    );
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
