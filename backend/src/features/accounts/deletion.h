// The end of tenants and accounts, for whoever proves once more who they are. Opens its own short
// transactions, one for each tenant concerned. Owned by app/.
#pragma once

#include "features/accounts/credentials.h"
#include "features/tenants/service.h"

namespace afterresume::accounts {

class Deletion {
public:
    struct Parts {
        sql::Database& database;
        Repository& accounts;
        Credentials& credentials;
        tenants::Service& tenants;
        tenants::Deletion& tenant_deletion;
        auditing::Service& audit;
        const Clock& clock;
    };
    explicit Deletion(Parts parts) : parts_(parts) {}

    // The scope's tenant is to be deleted, and its jobs have ended when this returns. Throws Error:
    // unauthenticated ("accounts.wrong_credentials"), rate_limited ("accounts.locked"), forbidden.
    Task<tenants::TenantView> delete_tenant(
        Scope scope, std::string password, auditing::Origin origin
    );
    // The scope's user leaves all tenants, with all that is theirs; those in which nobody else is
    // go along. What they were signed in by is void, and the address is free. Throws Error: as
    // above, and conflict ("accounts.needed_as_owner", "accounts.last_operator") before anything
    // has changed.
    Task<void> delete_account(Scope scope, std::string password, auditing::Origin origin);
    // The same of whoever the scope's user is, on the word of an operator, who is in `data`.
    Task<void> delete_account_of(Scope scope, JsonObject data, auditing::Origin origin);
    // Ends jobs of a tenant (of one user, unless `of` is 0) until there are none.
    Task<void> stop_jobs(Scope scope, UserId of);
    // Removes at most `most` sessions of a deleted account with their tokens; how many. For engine
    // transactions.
    Task<std::int64_t> forget_sessions(sql::Tx& engine, UserId user, std::int64_t most);
    // No session leads to the tenant any more, for at most `most` of them; how many. Likewise.
    Task<std::int64_t> forget_tenant(sql::Tx& engine, TenantId tenant, std::int64_t most);

private:
    Task<void> require_another_operator(Scope scope);
    Task<std::vector<tenants::Ties>> find_all_ties(Scope scope);
    Task<void> depart(Scope scope, auditing::Origin origin);

    Parts parts_;
};

}  // namespace afterresume::accounts
