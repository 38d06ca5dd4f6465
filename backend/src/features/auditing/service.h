// Writes the audit trail of a tenant, in the transaction of what it tells. Owned by app/.
#pragma once

#include "core/clock.h"
#include "core/page.h"
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
    // Newest first. Throws Error(malformed) for a cursor that is none of ours.
    Task<Page<AuthEvent>> list(
        sql::Tx& tx, const Scope& scope, std::int64_t page_size, std::optional<std::int64_t> before
    );

private:
    const Clock& clock_;
};

}  // namespace afterresume::auditing
