// Tenants as those see and change them who operate the installation. Owned by app/.
#pragma once

#include "core/version.h"
#include "features/tenants/administration_schema.h"
#include "features/tenants/deletion.h"
#include "features/tenants/quotas.h"
#include "infra/sql/database.h"

namespace afterresume::tenants {

class Administration {
public:
    struct Parts {
        Repository& rows;
        Deletion& deletion;
        Erasures& erasures;
        Quotas& quotas;
        auditing::Service& audit;
        const Clock& clock;
    };
    explicit Administration(Parts parts) : parts_(parts) {}

    // For transactions of the engine. In order of id.
    Task<AnyTenantPage> list(sql::Tx& engine, ListTenants query);
    // Throws Error(not_found).
    Task<AnyTenant> get(sql::Tx& engine, TenantId id);

    // The rest is for transactions of the tenant; the scope's user is the operator, whom its trail
    // names. Throws Error: not_found, precondition.
    //
    // One that is to be deleted stays when it becomes active. Throws Error(conflict,
    // "tenants.going") once that has begun, or for suspending it.
    Task<void> change(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Match match,
        ChangeTenant wanted
    );
    // Throws Error(invalid) for a plan that there is not.
    Task<void> limit(sql::Tx& tx, const Scope& scope, Change<std::string> plan, Change<Limits> own);
    // It is to be deleted, as if an owner had asked for it. Throws Error(conflict, "tenants.going")
    // if it is already.
    Task<void> close(sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Match match);
    // Locked until the transaction ends, where those who invite its owner take turns. Throws
    // Error(conflict, "tenants.not_active").
    Task<void> lock_active(sql::Tx& tx, const Scope& scope);
    // Throws Error(conflict, "tenants.has_owner").
    Task<void> require_no_owner(sql::Tx& tx, const Scope& scope);

private:
    Task<TenantView> lock(sql::Tx& tx, const Scope& scope, Match match);

    Parts parts_;
};

}  // namespace afterresume::tenants
