#include "features/accounts/service.h"

#include "core/error.h"

namespace afterresume::accounts {

Task<void> require_operating(sql::Tx& tx, const Scope& by) {
    static constexpr sql::Statement statement{
        "accounts.operator", "SELECT user_id FROM lookup_operator(:user_id)",
        "SELECT user_id FROM lookup_operator WHERE user_id = :user_id"
    };
    // Tokens of programs have no session either, and operate nothing.
    auto owns_machine = by.is_staff() && by.session() == 0;
    if (owns_machine || co_await tx.find<UserId>(statement, sql::named("user_id", by.user())))
        co_return;
    throw Error(
        ErrorKind::forbidden, "accounts.may_only_look",
        "You may look at this installation, and not operate it."
    );
}

}  // namespace afterresume::accounts
