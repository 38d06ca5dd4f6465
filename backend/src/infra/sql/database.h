// The database as the program sees it: transactions for a scope, on SQLite or PostgreSQL alike.
// Owned by app/. Call from coroutines on the database's executor only.
#pragma once

#include "infra/sql/transaction.h"

#include <memory>

namespace afterresume::sql {

class Database {
public:
    virtual ~Database() = default;

    // For a tenant's user: sees and writes that tenant's rows only, whatever the statements say.
    virtual std::unique_ptr<Tx> begin(const Scope& scope, Access access) = 0;
    // Before a scope exists: tenant tables appear empty; the listed look-ups work.
    virtual std::unique_ptr<Tx> begin_anonymous(Access access) = 0;
    // The engine's own: its tables across all tenants, and no others.
    virtual std::unique_ptr<Tx> begin_engine(Access access) = 0;

    virtual Dialect dialect() const = 0;
    // A round trip; throws Error(unavailable) when there is no database.
    virtual Task<void> ping() = 0;
    // Ends connections and threads once running transactions have ended. Nothing may be begun
    // afterwards.
    virtual Task<void> close() = 0;
};

}  // namespace afterresume::sql
