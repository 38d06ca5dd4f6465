// Codes that stand for a person for a while, in mails and between the steps of a sign-in: hashed,
// for one purpose, used once, void once there is a new password. Owned by app/.
#pragma once

#include "core/clock.h"
#include "core/scope.h"
#include "features/accounts/model.h"
#include "infra/single_use/single_use.h"

namespace afterresume::accounts {

enum class Purpose : std::uint8_t { verification, password_reset, second_step };
BOOST_DESCRIBE_ENUM(Purpose, verification, password_reset, second_step)

// Whose code it is, before anyone has a scope.
struct CodeOwner {
    std::int64_t code_id = 0;
    UserId user_id;
    TenantId tenant_id;
};
BOOST_DESCRIBE_STRUCT(CodeOwner, (), (code_id, user_id, tenant_id))

struct CodeState {
    Purpose purpose = Purpose::verification;
    Timestamp expires_at;
    std::optional<Timestamp> used_at;
};
BOOST_DESCRIBE_STRUCT(CodeState, (), (purpose, expires_at, used_at))

class Codes {
public:
    explicit Codes(const Clock& clock) : clock_(clock) {}

    // A new code for the scope's user, good for `lifetime`; earlier ones of the purpose are no
    // longer, in any tenant.
    Task<std::string> make(
        sql::Tx& tx, const Scope& scope, Purpose purpose, std::chrono::minutes lifetime
    );
    // Nothing when it cannot be used for that any more, for whatever reason: it is told from one
    // that never was by nothing that comes after.
    Task<std::optional<CodeOwner>> find_owner(
        sql::Tx& anonymous, const std::string& code, Purpose purpose
    );
    // Throws Error(gone, "accounts.code_not_usable") unless this use is the one.
    Task<void> use(sql::Tx& tx, const Scope& scope, CodeOwner owner, Purpose purpose);
    // Removes those of the tenant that ran out before `before`; how many.
    Task<std::int64_t> purge(sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most);

private:
    const Clock& clock_;
};

Error code_not_usable();

}  // namespace afterresume::accounts
