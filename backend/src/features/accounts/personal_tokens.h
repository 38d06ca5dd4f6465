// Personal access tokens: what programs act for a person with, in the tenant that they were made in
// and within their scopes, never beyond what the person may do there at that moment. Owned by app/.
#pragma once

#include "core/version.h"
#include "features/accounts/personal_tokens_schema.h"
#include "features/auditing/service.h"

namespace afterresume::accounts {

class PersonalTokens {
public:
    struct Parts {
        sql::Database& database;
        auditing::Service& audit;
        const Clock& clock;
    };
    explicit PersonalTokens(Parts parts) : parts_(parts) {}

    // By its looks; it may be made up.
    static bool is_one(std::string_view token);
    // Throws Error(conflict, "accounts.too_many_tokens").
    Task<MadeToken> make(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, CreateToken wanted
    );
    // Those that can still be used, newest first.
    Task<PersonalTokenPage> list(sql::Tx& tx, const Scope& scope, ListMore query);
    // One of those. Throws Error(not_found).
    Task<PersonalToken> get(sql::Tx& tx, const Scope& scope, Id<PersonalToken> id);
    // Throws Error: not_found, precondition.
    Task<void> revoke(
        sql::Tx& tx, const Scope& scope, const auditing::Origin& origin, Id<PersonalToken> id,
        Match match
    );
    // Throws Error(unauthenticated, "accounts.not_signed_in"). Asks the database each time.
    Task<Scope> authenticate(std::string token, Uuid correlation);
    // Removes those of the tenant that ran out or were revoked before `before`; how many.
    Task<std::int64_t> purge(sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most);

private:
    Task<std::int64_t> count(sql::Tx& tx, const Scope& scope);
    Task<void> note_use(const Scope& scope, Id<PersonalToken> id);

    Parts parts_;
};

}  // namespace afterresume::accounts
