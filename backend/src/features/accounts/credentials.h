// What people prove themselves by: the address and the password. A new password begins a new epoch:
// whoever was signed in by the old one is so no longer, in all tenants. Owned by app/; opens its
// own short transactions, because hashing a password must not hold one.
#pragma once

#include "features/accounts/codes.h"
#include "features/accounts/credentials_schema.h"
#include "features/accounts/guesses.h"
#include "features/accounts/hashing.h"
#include "features/accounts/repository.h"
#include "features/auditing/service.h"
#include "infra/mail/postbox.h"

namespace afterresume::accounts {

class Credentials {
public:
    struct Parts {
        sql::Database& database;
        Repository& accounts;
        Codes& codes;
        Guesses& guesses;
        Hashing& hashing;
        auditing::Service& audit;
        mail::Postbox& postbox;
        const Clock& clock;
    };
    Credentials(Parts parts, std::string public_url)
        : parts_(parts), public_url_(std::move(public_url)) {}

    // A mail that proves the address of the scope's user, in the caller's transaction.
    Task<void> ask_to_verify(sql::Tx& tx, const Scope& scope, const Account& account);
    // The same; nothing when the address has been proven.
    Task<void> ask_again(const Scope& scope);
    // Throws Error(gone, "accounts.code_not_usable").
    Task<void> verify(std::string code, auditing::Origin origin, Uuid correlation);
    // Sends a mail if somebody has the address, and tells nobody whether: the answer takes the same
    // time either way.
    Task<void> forgot(std::string email, auditing::Origin origin, Uuid correlation);
    // A mail to whoever has the address: somebody wanted to sign up with it. Lets them set a new
    // password, as that of forgot(). Whether somebody has it.
    Task<bool> tell_of_sign_up(std::string email_folded, auditing::Origin origin, Uuid correlation);
    // Ends all sessions. Throws Error: gone, invalid (weak password).
    Task<void> reset(ResetPassword wanted, auditing::Origin origin, Uuid correlation);
    // The account of the scope's user, if that is its password. A wrong one is told to the audit as
    // a failed `act`. Throws Error: unauthenticated ("accounts.wrong_credentials"), rate_limited
    // ("accounts.locked").
    Task<Account> prove(
        const Scope& scope, std::string password, auditing::Act act, auditing::Origin origin
    );
    // Ends all sessions but the scope's. Throws Error: unauthenticated
    // ("accounts.wrong_credentials"), rate_limited ("accounts.locked"), invalid (weak password).
    Task<void> change(const Scope& scope, ChangePassword wanted, auditing::Origin origin);
    // Switches the second factor of whoever has that address off, on the word of an operator: they
    // have lost it. They are told by a mail, and their sessions end. Throws Error: not_found,
    // forbidden ("accounts.may_only_look").
    Task<void> reset_second_factor(std::string email, const Scope& by, auditing::Origin origin);
    // Where links lead from now on.
    void reached_at(std::string public_url) { public_url_ = std::move(public_url); }

private:
    Task<bool> mail_reset(
        mail::Kind kind, std::string email_folded, auditing::Origin origin, Uuid correlation
    );
    Task<std::optional<CodeOwner>> owner_of(const std::string& code, Purpose purpose);
    Task<void> tell_of_change(sql::Tx& tx, const Scope& scope, const Account& account);

    Parts parts_;
    std::string public_url_;
};

}  // namespace afterresume::accounts
