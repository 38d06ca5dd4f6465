// What operators switch while the program runs, as a node knows it. Owned by app/; one per node,
// used on the I/O thread only.
#pragma once

#include "features/system/repository.h"
#include "infra/sql/known.h"

namespace afterresume::system {

class Flags {
public:
    using Rows = sql::Known<std::vector<SwitchedFlag>>;

    // `always_on` are the settings' own, which nobody switches off. `now` is another clock in
    // tests.
    Flags(
        sql::Database& database, std::vector<Flag> always_on,
        std::function<Rows::Time()> now = std::chrono::steady_clock::now
    );

    // Whether it is on for all, or for that tenant. Throws Error(unavailable).
    Task<bool> is_on(Flag flag, std::optional<TenantId> tenant);
    bool is_always_on(Flag flag) const;
    // To be called once this node has switched one, and committed it; others learn of it within a
    // second.
    void forget() { switched_.forget(); }

private:
    Rows switched_;
    std::vector<Flag> always_on_;
};

}  // namespace afterresume::system
