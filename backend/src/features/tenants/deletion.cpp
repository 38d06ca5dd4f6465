#include "features/tenants/deletion.h"

#include "features/tenants/repository.h"
#include "features/tenants/service.h"

#include <boost/json/value.hpp>

namespace afterresume::tenants {

using auditing::Act;
using auditing::Outcome;
using sql::named;

namespace {

void set_status(
    sql::Tx& tx, const Scope& scope, TenantStatus status, std::optional<Timestamp> purge_at,
    Timestamp now
) {
    static constexpr sql::Statement statement{"tenants.set_status", R"sql(
        UPDATE tenant SET status = :status, purge_at = :purge_at, version = version + 1, updated_at = :now
        WHERE id = :tenant_id)sql"};
    tx.defer(
        statement, scope, named("status", status), named("purge_at", purge_at), named("now", now)
    );
}

}  // namespace

Error needed_as_owner(const std::vector<Ties>& tenants) {
    std::string names;
    for (const auto& one : tenants) {
        names += names.empty() ? "" : ", ";
        names += fmt::format("{} ({})", one.name, one.tenant_id.value);
    }
    return Error(
        ErrorKind::conflict, "accounts.needed_as_owner",
        "You are the only owner of workspaces with other members; make somebody else one first: " +
            names + "."
    );
}

// The role itself: what it is worth in a tenant that is to be deleted is less.
Task<void> Deletion::require_owner(sql::Tx& tx, const Scope& scope) {
    auto member = co_await parts_.rows.find_own(tx, scope);
    if (member && member->role == Role::owner && member->status == Status::active) co_return;
    throw Error(
        ErrorKind::forbidden, "request.not_permitted", "Your role here does not permit this."
    );
}

Task<void> Deletion::close(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Timestamp purge_at
) {
    set_status(tx, scope, TenantStatus::pending_deletion, purge_at, parts_.clock.now());
    co_await parts_.erasures.plan(tx, scope, UserId{0}, purge_at);
    JsonObject data{{"purge_at", to_text(purge_at)}};
    co_await parts_.audit.record(
        tx, scope, origin, Act::tenant_deleted, Outcome::success, std::move(data)
    );
    co_await stop_jobs(tx, scope, UserId{0});
}

Task<TenantView> Deletion::begin(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin) {
    parts_.rows.lock_tenant(tx, scope);
    co_await parts_.tenants.require(tx, scope, Permission::own);
    co_await plan(tx, scope, origin);
    co_return co_await parts_.tenants.get(tx, scope);
}

Task<void> Deletion::plan(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin) {
    co_await close(tx, scope, origin, parts_.clock.now() + grace_);
}

Task<TenantView> Deletion::restore(
    sql::Tx& tx, const Scope& scope, const auditing::Origin& origin
) {
    parts_.rows.lock_tenant(tx, scope);
    auto tenant = co_await parts_.tenants.get(tx, scope);
    if (tenant.status != TenantStatus::pending_deletion)
        throw Error(
            ErrorKind::conflict, "tenants.not_pending_deletion",
            "This workspace is not to be deleted."
        );
    co_await require_owner(tx, scope);
    set_status(tx, scope, TenantStatus::active, std::nullopt, parts_.clock.now());
    parts_.erasures.withdraw(tx, scope);
    co_await parts_.audit.record(tx, scope, origin, Act::tenant_restored, Outcome::success);
    co_return co_await parts_.tenants.get(tx, scope);
}

Task<Ties> Deletion::find_ties(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"tenants.ties", R"sql(
        SELECT t.id AS tenant_id, t.name, t.status,
               (SELECT own.role FROM membership own
                WHERE own.tenant_id = t.id AND own.user_id = :user_id) AS role,
               (SELECT count(*) FROM membership other
                WHERE other.tenant_id = t.id AND other.user_id <> :user_id) AS others,
               (SELECT count(*) FROM membership other
                WHERE other.tenant_id = t.id AND other.user_id <> :user_id
                  AND other.role = 'owner' AND other.status = 'active') AS other_owners
        FROM tenant t WHERE t.id = :tenant_id)sql"};
    return tx.one<Ties>(statement, scope);
}

Task<void> Deletion::depart(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin) {
    parts_.rows.lock_tenant(tx, scope);
    auto ties = co_await find_ties(tx, scope);
    if (ties.is_needed()) throw needed_as_owner({ties});
    auto member = co_await parts_.rows.find_own(tx, scope);
    if (!member) co_return;
    parts_.rows.remove(tx, scope, member->id);
    co_await parts_.erasures.plan(tx, scope, scope.user(), parts_.clock.now());
    JsonObject data{{"user_id", scope.user().value}, {"role", describe::name_of(member->role)}};
    co_await parts_.audit.record(
        tx, scope, origin, Act::member_left, Outcome::success, std::move(data)
    );
    co_await stop_jobs(tx, scope, scope.user());
    if (ties.is_alone()) co_await close(tx, scope, origin, parts_.clock.now());
}

}  // namespace afterresume::tenants
