// Whether a session still holds, asked on every request and answered from memory. A session is read
// once; from then on one short query for all of them, at most twice a second, tells which have
// changed on any node. What is known is believed for a second, counted from before it was last read
// or found unchanged; that there is nothing, from before it was read. Owned by app/; one per node,
// used on the I/O thread only.
#pragma once

#include "features/accounts/repository.h"

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>

namespace afterresume::accounts {

class SessionGuard {
public:
    using Time = std::chrono::steady_clock::time_point;

    // `now` is another clock in tests.
    SessionGuard(
        sql::Database& database, Repository& accounts,
        std::function<Time()> now = std::chrono::steady_clock::now
    );
    ~SessionGuard();

    // What the session allows in the tenant. Nothing when it has ended, or its user, the membership
    // or the tenant is not active. Throws Error(unavailable) when the database is away for longer
    // than what is known may be believed.
    Task<std::optional<LiveSession>> find(Id<Session> id, TenantId tenant);
    // The next find() asks the database.
    void forget(Id<Session> id) { known_.erase(id); }

private:
    struct Known {
        TenantId tenant;
        std::optional<LiveSession> session;
        Time read_at;
        // The last look for changes when it was read: later ones speak for it, too.
        Time looked_before;
    };
    struct Batch;
    const Known* find_known(SessionPlace place) const;
    void keep(SessionPlace place, Known known);
    bool believed(const Known& known, Time now) const;
    Task<void> look_for_changes();
    void forget_changed(const std::vector<SessionChange>& changes);
    Task<void> read_batches();
    Task<void> read(Batch& batch);

    sql::Database& database_;
    Repository& accounts_;
    std::function<Time()> now_;
    // By session: what it allows in each tenant that it was used in.
    std::unordered_map<Id<Session>, std::vector<Known>> known_;
    // When the last look for changes that succeeded was begun.
    Time looked_at_;
    Time next_look_;
    std::shared_ptr<Batch> gathering_;
    bool reading_ = false;
};

}  // namespace afterresume::accounts
