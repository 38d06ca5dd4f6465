#include "features/tenants/administration.h"

#include "core/list_more.h"
#include "features/tenants/repository.h"

#include <boost/json/value.hpp>

namespace afterresume::tenants {

using auditing::Act;
using auditing::Outcome;
using sql::named;

namespace {

// Of one tenant, or of a page.
struct Wanted {
    std::int64_t after = 0;
    std::int64_t most = 1;
    std::optional<TenantId> only;
    std::string name;
    std::optional<TenantStatus> status;
};

Task<std::vector<AnyTenant>> read(sql::Tx& engine, Wanted wanted) {
    static constexpr sql::Statement statement{
        "tenants.any",
        R"sql(
        SELECT t.id, t.name, t.slug, l.plan, l.own AS limits, t.status, t.purge_at, t.members, t.version, t.created_at
        FROM operators_tenants(:after, :most, :only_id, :of_name, :of_status) t
        LEFT JOIN tenant_limits l ON l.tenant_id = t.id ORDER BY t.id)sql",
        R"sql(
        SELECT t.id, t.name, t.slug, l.plan, l.own AS limits, t.status, t.purge_at, t.members, t.version, t.created_at
        FROM lookup_any_tenant t LEFT JOIN tenant_limits l ON l.tenant_id = t.id
        WHERE t.id > :after AND t.id = coalesce(:only_id, t.id) AND t.status = coalesce(:of_status, t.status)
          AND substr(t.name, 1, length(:of_name)) = :of_name
        ORDER BY t.id LIMIT :most)sql"
    };
    co_return co_await engine.all<AnyTenant>(
        statement, named("after", wanted.after), named("most", wanted.most),
        named("only_id", wanted.only), named("of_name", wanted.name),
        named("of_status", wanted.status)
    );
}

Error going() {
    return Error(
        ErrorKind::conflict, "tenants.going",
        "This workspace is to be deleted; make it active to keep it, while that has not begun."
    );
}

Act act_of(TenantStatus before, Standing after) {
    if (after == Standing::suspended) return Act::tenant_suspended;
    return before == TenantStatus::suspended ? Act::tenant_reactivated : Act::tenant_restored;
}

}  // namespace

Task<AnyTenantPage> Administration::list(sql::Tx& engine, ListTenants query) {
    Wanted wanted{
        query.cursor.value_or(0), query.page_size + 1, {}, query.query.value_or(""), query.status
    };
    auto page = cut_by_id(co_await read(engine, std::move(wanted)), query.page_size);
    co_return AnyTenantPage{std::move(page.items), std::move(page.next_cursor)};
}

Task<AnyTenant> Administration::get(sql::Tx& engine, TenantId id) {
    auto found = co_await read(engine, {0, 1, id, "", {}});
    if (found.empty()) throw Error::not_found("tenant");
    co_return std::move(found.front());
}

Task<TenantView> Administration::lock(sql::Tx& tx, const Scope& scope, Match match) {
    static constexpr sql::Statement statement{
        "tenants.find_locked", R"sql(
        SELECT id, name, slug, status, purge_at, version, created_at FROM tenant WHERE id = :tenant_id)sql"
    };
    parts_.rows.lock_tenant(tx, scope);
    auto tenant = co_await tx.find<TenantView>(statement, scope);
    if (!tenant) throw Error::not_found("tenant");
    match.require(tenant->version);
    co_return std::move(*tenant);
}

Task<void> Administration::change(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Match match,
    ChangeTenant wanted
) {
    static constexpr sql::Statement update{"tenants.change_any", R"sql(
        UPDATE tenant SET name = :name, status = :status, purge_at = :purge_at, version = version + 1, updated_at = :now
        WHERE id = :tenant_id)sql"};
    auto tenant = co_await lock(tx, scope, match);
    auto before = tenant.status;
    auto is_pending = before == TenantStatus::pending_deletion;
    auto wants = wanted.status.value;
    // Its erasure has begun.
    auto is_gone = tenant.purge_at && !is_pending;
    if (is_gone || (is_pending && wants == Standing::suspended)) throw going();
    wanted.name.apply_to(tenant.name);
    if (wants) {
        tenant.status = *wants == Standing::active ? TenantStatus::active : TenantStatus::suspended;
        tenant.purge_at.reset();
        if (is_pending) parts_.erasures.withdraw(tx, scope);
    }
    tx.defer(update, scope, tenant, named("now", parts_.clock.now()));
    auto is_limited_anew = wanted.plan.present || wanted.limits.present;
    if (is_limited_anew) co_await limit(tx, scope, wanted.plan, wanted.limits);
    if (wanted.name.value || is_limited_anew)
        co_await parts_.audit.record(tx, scope, origin, Act::tenant_changed, Outcome::success);
    if (tenant.status != before)
        co_await parts_.audit.record(tx, scope, origin, act_of(before, *wants), Outcome::success);
}

Task<void> Administration::limit(
    sql::Tx& tx, const Scope& scope, Change<std::string> plan, Change<Limits> own
) {
    auto found = co_await parts_.quotas.find_limits(tx, scope.tenant());
    auto limits = found.value_or(TenantLimits{});
    limits.tenant_id = scope.tenant();
    limits.set_by = scope.user();
    limits.set_at = parts_.clock.now();
    plan.apply_to(limits.plan);
    if (own.present) limits.own = own.value.value_or(Limits{});
    parts_.quotas.set_limits(tx, limits);
}

Task<void> Administration::close(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Match match
) {
    auto tenant = co_await lock(tx, scope, match);
    if (tenant.purge_at) throw going();
    co_await parts_.deletion.plan(tx, scope, origin);
}

Task<void> Administration::lock_active(sql::Tx& tx, const Scope& scope) {
    auto tenant = co_await lock(tx, scope, {});
    if (tenant.status == TenantStatus::active) co_return;
    throw Error(
        ErrorKind::conflict, "tenants.not_active",
        "Invitations lead into active workspaces alone; make this one active first."
    );
}

Task<void> Administration::require_no_owner(sql::Tx& tx, const Scope& scope) {
    if (co_await parts_.rows.count_owners(tx, scope) == 0) co_return;
    throw Error(
        ErrorKind::conflict, "tenants.has_owner",
        "This workspace has an owner, who can invite others and hand it over."
    );
}

}  // namespace afterresume::tenants
