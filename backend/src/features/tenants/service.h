// Makes tenants and memberships. The scope is that of the tenant concerned. Owned by app/.
#pragma once

#include "features/tenants/model.h"
#include "infra/sql/database.h"

namespace afterresume::tenants {

class Service {
public:
    explicit Service(const Clock& clock) : clock_(clock) {}

    // The scope's tenant comes into being, without members.
    Task<void> create(sql::Tx& tx, const Scope& scope, const std::string& name);
    // The scope's user joins the scope's tenant.
    Task<void> join(sql::Tx& tx, const Scope& scope, Role role);
    Task<TenantView> get(sql::Tx& tx, const Scope& scope);
    Task<std::vector<Membership>> members(sql::Tx& tx, const Scope& scope);
    // What the scope's user may do now; nothing once the membership has ended.
    Task<std::optional<Role>> find_role(sql::Tx& tx, const Scope& scope);
    // Every tenant there is, in order of id from `after` on: for the program's own work.
    Task<std::vector<TenantId>> list_all(sql::Tx& anonymous, TenantId after, std::int64_t most);

private:
    const Clock& clock_;
};

}  // namespace afterresume::tenants
