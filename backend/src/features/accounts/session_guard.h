// Whether a session still holds, asked on every request and answered from memory: what was read is
// believed for a second, counted from before it was read. Look-ups that coincide travel as one.
// Owned by app/; one per node, used on the I/O thread only.
#pragma once

#include "features/accounts/repository.h"

#include <chrono>
#include <memory>
#include <unordered_map>

namespace afterresume::accounts {

class SessionGuard {
public:
    SessionGuard(sql::Database& database, Repository& accounts);
    ~SessionGuard();

    // Nothing when the session has ended, or its user, membership or tenant is not active. Throws
    // Error(unavailable) when the database is away for longer than what is known may be believed.
    Task<std::optional<LiveSession>> find(Id<Session> id);
    // The next find() asks the database.
    void forget(Id<Session> id);

private:
    struct Known {
        std::optional<LiveSession> session;
        std::chrono::steady_clock::time_point read_at;
    };
    struct Batch;
    Task<void> read_batches();
    Task<void> read(Batch& batch);

    sql::Database& database_;
    Repository& accounts_;
    std::unordered_map<Id<Session>, Known> known_;
    std::shared_ptr<Batch> gathering_;
    bool reading_ = false;
};

}  // namespace afterresume::accounts
