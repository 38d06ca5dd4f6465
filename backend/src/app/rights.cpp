#include "app/rights.h"

namespace afterresume::app {

Task<std::optional<Identity>> Rights::find(TenantId tenant, UserId user) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = user;
    if (user == UserId{0}) {
        identity.role = Role::owner;
        co_return identity;
    }
    auto scope = ScopeMint::mint(identity);
    auto tx = database_.begin(scope, sql::Access::read);
    auto role = co_await tenants_.find_role(*tx, scope);
    if (!role) co_return std::nullopt;
    auto account = co_await accounts_.find(*tx, user);
    if (!account) co_return std::nullopt;
    identity.role = *role;
    identity.staff = account->is_staff;
    identity.time_zone = account->time_zone;
    co_return identity;
}

}  // namespace afterresume::app
