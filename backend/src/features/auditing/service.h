// Writes the audit trail of a tenant, in the transaction of what it tells. Owned by app/.
#pragma once

#include "core/clock.h"
#include "core/scope.h"
#include "features/auditing/model.h"
#include "infra/sql/database.h"

namespace afterresume::auditing {

class Service {
public:
    explicit Service(const Clock& clock) : clock_(clock) {}

    Task<void> record(
        sql::Tx& tx, const Scope& scope, const Origin& origin, Act act, Outcome outcome,
        JsonObject data = {}
    );
    // In a transaction of its own: what was tried and did not happen.
    Task<void> record_failure(
        sql::Database& database, Scope scope, Origin origin, Act act, JsonObject data = {}
    );
    // Newest first. Throws Error(malformed) for a cursor that is none of ours.
    Task<Page<AuthEvent>> list(
        sql::Tx& tx, const Scope& scope, std::int64_t page_size, std::optional<std::int64_t> before
    );
    // Empties what sealed records of the scope's tenant tell of people (of one user, unless the
    // scope's is 0), at most `most`, once that is to be erased; how many. Their chain still holds.
    Task<std::int64_t> empty(sql::Tx& tx, const Scope& scope, std::int64_t most);
    // How many there are left to empty, sealed or not.
    Task<std::int64_t> count_full(sql::Tx& tx, const Scope& scope);

private:
    const Clock& clock_;
};

// Of all tenants and of none, newest first. In a transaction of the engine.
Task<Page<TrailEvent>> list_trail(sql::Tx& tx, ListTrail query);

}  // namespace afterresume::auditing
