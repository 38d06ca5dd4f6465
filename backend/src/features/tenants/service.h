// Makes tenants and memberships. The scope is that of the tenant concerned. Owned by app/.
#pragma once

#include "core/version.h"
#include "features/auditing/service.h"
#include "features/tenants/administration.h"
#include "features/tenants/deletion.h"
#include "features/tenants/quotas.h"
#include "features/tenants/schema.h"
#include "infra/sql/database.h"

namespace afterresume::tenants {

class Service {
public:
    Service(auditing::Service& audit, const Clock& clock) : audit_(audit), clock_(clock) {}

    // The scope's tenant comes into being, without members.
    Task<void> create(sql::Tx& tx, const Scope& scope, const std::string& name);
    // The scope's user joins the scope's tenant. Throws QuotaExceeded where members are limited.
    Task<void> join(sql::Tx& tx, const Scope& scope, Role role);
    Task<TenantView> get(sql::Tx& tx, const Scope& scope);
    // Throws Error(precondition). Tells the audit.
    Task<TenantView> edit(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Match match,
        EditTenant change
    );
    // Those that the scope's user belongs to and may enter, whichever the scope's own is; those
    // that are to be deleted last, the longest membership first.
    Task<std::vector<OwnTenant>> list_own(sql::Tx& tx, const Scope& scope);
    // A page of these, the tenant that was made first in front.
    Task<OwnTenantPage> page_own(sql::Tx& tx, const Scope& scope, ListMore query);
    // All that the scope's user belongs to, suspended or not.
    Task<std::vector<TenantId>> list_memberships(sql::Tx& tx, const Scope& scope);
    // What the scope's user may do now, which is to read in a tenant that is to be deleted; nothing
    // once the membership has ended.
    Task<std::optional<Role>> find_role(sql::Tx& tx, const Scope& scope);
    // The role that find_role() gives. Throws Error(forbidden, "request.not_permitted") unless it
    // permits that: for acts that must not rest on what was true a moment ago.
    Task<Role> require(sql::Tx& tx, const Scope& scope, Permission permission);
    // Every tenant that stays, in order of id from `after` on: for the program's own work.
    Task<std::vector<TenantId>> list_all(sql::Tx& anonymous, TenantId after, std::int64_t most);

    // Tenants are on the plans that these say, and have as many members as they may from now on.
    void limit_with(Quotas& quotas) { quotas_ = &quotas; }

private:
    Task<std::optional<std::string>> find_plan(TenantId tenant);

    auditing::Service& audit_;
    const Clock& clock_;
    Quotas* quotas_ = nullptr;
};

}  // namespace afterresume::tenants
