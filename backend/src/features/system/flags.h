// What operators switch while the program runs, as a node knows it: asked on every request and
// answered from memory, which is never older than a second. Owned by app/; one per node, used on
// the I/O thread only.
#pragma once

#include "features/system/repository.h"

#include <chrono>
#include <functional>

namespace afterresume::system {

class Flags {
public:
    using Time = std::chrono::steady_clock::time_point;

    // `always_on` are the settings' own, which nobody switches off. `now` is another clock in
    // tests.
    Flags(
        sql::Database& database, std::vector<Flag> always_on,
        std::function<Time()> now = std::chrono::steady_clock::now
    );

    // Whether it is on for all, or for that tenant. Throws Error(unavailable) when the database is
    // away for longer than what is known may be believed.
    Task<bool> is_on(Flag flag, std::optional<TenantId> tenant);
    bool is_always_on(Flag flag) const;
    // Reads them anew.
    Task<void> look();

private:
    Task<void> look_quietly();

    sql::Database& database_;
    std::vector<Flag> always_on_;
    std::function<Time()> now_;
    std::vector<SwitchedFlag> known_;
    // When the last look that succeeded was begun; none at first.
    std::optional<Time> looked_at_;
    Time next_look_;
};

}  // namespace afterresume::system
