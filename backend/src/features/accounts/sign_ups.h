// Sign-ups that wait for the code of a mail. Their people are no accounts yet, and hold no address:
// whoever signs up with somebody else's gets neither in nor in the way. Owned by app/.
#pragma once

#include "features/accounts/credentials.h"

namespace afterresume::accounts {

class SignUps {
public:
    struct Parts {
        sql::Database& database;
        Credentials& credentials;
        Guesses& guesses;
        mail::Postbox& postbox;
        const Clock& clock;
    };
    SignUps(Parts parts, std::string public_url)
        : parts_(parts), public_url_(std::move(public_url)) {}

    // Mails a code to the address or, where somebody has it, tells them; takes the same time either
    // way, and opens its own transactions. Throws Error(rate_limited, "accounts.locked").
    Task<void> ask(Account account, auditing::Origin origin, Uuid correlation);
    // What a code is to make an account of; in its own transactions. Throws Error(gone,
    // "accounts.code_not_usable").
    Task<Account> find(std::string code);
    // In the transaction that makes the scope's user an account. The same error, unless this use is
    // the one.
    Task<void> use(sql::Tx& tx, const Scope& scope);
    // Removes those that ran out; how many.
    Task<std::int64_t> purge(sql::Tx& engine, std::int64_t most);
    // Where links lead from now on.
    void reached_at(std::string public_url) { public_url_ = std::move(public_url); }

private:
    Task<void> keep(Account account, Uuid correlation);

    Parts parts_;
    std::string public_url_;
};

}  // namespace afterresume::accounts
