#include "features/accounts/service.h"

#include "core/error.h"
#include "core/scope_mint.h"

namespace afterresume::accounts {

Task<bool> may_operate(sql::Tx& tx, const Scope& by) {
    static constexpr sql::Statement statement{
        "accounts.operator", "SELECT user_id FROM lookup_operator(:user_id)",
        "SELECT user_id FROM lookup_operator WHERE user_id = :user_id"
    };
    // Tokens of programs have no session either, and operate nothing.
    auto owns_machine = by.is_staff() && by.session() == 0;
    if (owns_machine) co_return true;
    auto found = co_await tx.find<UserId>(statement, sql::named("user_id", by.user()));
    co_return found.has_value();
}

Task<void> require_operating(sql::Tx& tx, const Scope& by) {
    if (co_await may_operate(tx, by)) co_return;
    throw Error(
        ErrorKind::forbidden, "accounts.may_only_look",
        "You may look at this installation, and not operate it."
    );
}

Scope operator_in(TenantId tenant, const Scope& by) {
    Identity identity;
    identity.tenant = tenant;
    identity.user = by.user();
    identity.role = Role::read_only;
    identity.cause = by.cause();
    return ScopeMint::mint(identity);
}

}  // namespace afterresume::accounts
