// The SQL of members.
#pragma once

#include "features/tenants/model.h"
#include "infra/sql/database.h"

namespace afterresume::tenants {

class Repository {
public:
    // Where changes of members take turns until the transaction ends.
    void lock_tenant(sql::Tx& tx, const Scope& scope);
    Task<std::vector<Member>> list(
        sql::Tx& tx, const Scope& scope, std::int64_t after, std::int64_t most
    );
    Task<std::optional<Member>> find(sql::Tx& tx, const Scope& scope, Id<Member> id);
    // The scope's user.
    Task<std::optional<Member>> find_own(sql::Tx& tx, const Scope& scope);
    void update(sql::Tx& tx, const Scope& scope, const Member& member, Timestamp now);
    void remove(sql::Tx& tx, const Scope& scope, Id<Member> id);
    // Who are active.
    Task<std::int64_t> count_owners(sql::Tx& tx, const Scope& scope);
};

}  // namespace afterresume::tenants
