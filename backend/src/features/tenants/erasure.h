// What goes for good, table by table: the one list of all that a tenant has. Runs in transactions
// of that tenant, so that the database's own fence keeps it from everybody else's rows. Values of
// the audit trail are emptied and its chain stays. Owned by app/.
#pragma once

#include "features/auditing/service.h"
#include "infra/sql/database.h"

namespace afterresume::tenants {

// A tenant, or with a user what that person has in it.
struct Erasure {
    Id<Erasure> id;
    TenantId tenant_id;
    UserId user_id;

    bool is_of_all() const { return user_id == UserId{0}; }
};
BOOST_DESCRIBE_STRUCT(Erasure, (), (id, tenant_id, user_id))

class Erasures {
public:
    Erasures(auditing::Service& audit, const Clock& clock) : audit_(audit), clock_(clock) {}

    // The scope's tenant (of user 0: all of it), from then on. A second time says the time anew.
    Task<void> plan(sql::Tx& tx, const Scope& scope, UserId of, Timestamp due_at);
    // The scope's tenant stays after all.
    void withdraw(sql::Tx& tx, const Scope& scope);
    // In the order in which they were planned, from `after` on; a tenant comes after its people.
    // For engine transactions.
    Task<std::vector<Erasure>> list_due(sql::Tx& engine, Id<Erasure> after, std::int64_t most);

    // The rest acts for a scope of the erasure's tenant and user.
    //
    // From then on nobody enters the tenant, nor has it back. False when it stays after all.
    Task<bool> begin(sql::Tx& tx, const Scope& scope);
    static std::size_t tables();
    // Removes at most `most` rows of the table of that number; how many. Each in its turn until
    // there are none: rows that others refer to come after those.
    Task<std::int64_t> remove(
        sql::Tx& tx, const Scope& scope, std::size_t table, std::int64_t most
    );
    // Whether something cannot go yet: a job that runs, a record that is not sealed.
    Task<bool> has_to_wait(sql::Tx& tx, const Scope& scope);
    // The last of it, and that it was planned.
    Task<void> end(sql::Tx& tx, const Scope& scope);

private:
    auditing::Service& audit_;
    const Clock& clock_;
};

}  // namespace afterresume::tenants
