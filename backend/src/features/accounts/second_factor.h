// The second factor of people who have one: one-time passwords by time, and recovery codes that
// stand in for them. Owned by app/; opens its own short transactions.
#pragma once

#include "features/accounts/guesses.h"
#include "features/accounts/repository.h"
#include "features/accounts/second_factor_schema.h"
#include "features/accounts/totp_use.h"
#include "features/auditing/service.h"

namespace afterresume::accounts {

class SecondFactor {
public:
    struct Parts {
        sql::Database& database;
        Repository& accounts;
        Guesses& guesses;
        auditing::Service& audit;
        const Clock& clock;
    };
    // Secrets are sealed with the first of the keys and opened with any.
    SecondFactor(Parts parts, std::vector<std::string> keys)
        : parts_(parts), keys_(std::move(keys)) {}

    Task<bool> is_on(sql::Tx& tx, const Scope& scope);
    // A new secret, which counts once it is confirmed. Throws Error(conflict,
    // "accounts.second_factor_on") when there is a confirmed one.
    Task<Enrolment> enrol(const Scope& scope);
    // All of these throw Error: unauthenticated ("accounts.wrong_code") for a code that is wrong or
    // was used; rate_limited ("accounts.locked") after five in a quarter of an hour; not_found
    // without a second factor. What they change ends all other sessions.
    Task<RecoveryCodes> confirm(const Scope& scope, std::string code, auditing::Origin origin);
    Task<RecoveryCodes> renew_codes(const Scope& scope, std::string code, auditing::Origin origin);
    Task<void> remove(const Scope& scope, std::string code, auditing::Origin origin);

    // To be called before use(), outside of its transaction. The first that is refused is told to
    // the audit as a failed `act`.
    Task<void> count_guess(const Scope& scope, auditing::Act act, const auditing::Origin& origin);
    // In the transaction of what the code allows. False when it is wrong or was used, or nothing is
    // confirmed.
    Task<bool> use(
        sql::Tx& tx, const Scope& scope, const std::string& code, const auditing::Origin& origin
    );
    Task<void> forget_guesses(const Scope& scope);

private:
    enum class State { confirmed, new_one };

    Task<std::unique_ptr<sql::Tx>> begin_with(
        const Scope& scope, const std::string& code, const auditing::Origin& origin,
        auditing::Act act, State state
    );
    Task<RecoveryCodes> write_codes(sql::Tx& tx, const Scope& scope);
    std::string seal(const Scope& scope, const std::string& secret) const;
    TotpUse::Open opener(const Scope& scope) const;

    Parts parts_;
    std::vector<std::string> keys_;
};

// Nothing is left of the second factor of the scope's user, and all sessions but the scope's end.
// False when there is none that counts.
Task<bool> remove_second_factor(sql::Tx& tx, Repository& accounts, const Scope& scope);

Error wrong_code();

}  // namespace afterresume::accounts
