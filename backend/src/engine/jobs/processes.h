// Worker processes: how they register, beat and sign off, and how the living take over the jobs of
// the dead. For engine transactions. Leases run on the database's clock on PostgreSQL, on ours on
// SQLite.
#pragma once

#include "engine/jobs/model.h"
#include "infra/sql/database.h"

#include <vector>

namespace afterresume::jobs {

void register_worker(
    sql::Tx& tx, const Uuid& worker, std::chrono::milliseconds lease, JsonObject info, Timestamp now
);
void mark_draining(sql::Tx& tx, const Uuid& worker);
// The end of the worker's authority; what it still runs is anybody's.
void sign_off(sql::Tx& tx, const Uuid& worker, Timestamp now);

struct Running {
    JobId id;
    std::int64_t lease_seq = 0;
    bool cancel_requested = false;
};
BOOST_DESCRIBE_STRUCT(Running, (), (id, lease_seq, cancel_requested))

// Prolongs the lease and lists what the database says the worker runs, of the jobs that it holds or
// of all when none are given; nullopt when the worker was declared dead. Where an old transaction
// keeps PostgreSQL from cleaning up, listing all walks over everything that the worker ever ran.
Task<std::optional<std::vector<Running>>> beat(
    sql::Tx& tx, Uuid worker, std::chrono::milliseconds lease,
    std::optional<std::vector<JobId>> held, Timestamp now
);

struct RescueLimits {
    // A job whose process died this often is given up: it may be what kills them.
    std::int64_t rescues = 10;
    // Jobs per call.
    std::int64_t batch = 100;
    // Whose processes died more than once come back spread over this, doubled each time, so that
    // the job that kills them takes no others with it again and again. At once when zero.
    std::chrono::milliseconds apart{5'000};
    // Of those that died before this nothing is taken back. Beside an old transaction whoever asks
    // for all walks over everything that they ever ran.
    Timestamp died_since{};
    // Left where they are.
    std::vector<JobId> except{};
};
// A job of a dead worker, or one past its deadline.
struct Orphan {
    JobId id;
    std::int64_t lease_seq = 0;
    std::optional<Uuid> worker_id;
    std::int64_t rescues = 0;
    bool cancel_requested = false;
    bool late = false;

    Fence fence() const { return {id, lease_seq, worker_id}; }
};
BOOST_DESCRIBE_STRUCT(Orphan, (), (id, lease_seq, worker_id, rescues, cancel_requested, late))

// Declares workers dead whose lease ran out; the jobs to be rescued, held until the transaction
// ends.
Task<std::vector<Orphan>> find_orphans(sql::Tx& tx, RescueLimits limits, Timestamp now);
// Takes them back without using an attempt, ends those that were cancelled, and fails those past
// their deadline. Passes by those that have moved on since they were found.
void rescue(
    sql::Tx& tx, const std::vector<Orphan>& orphans, const RescueLimits& limits, Timestamp now
);
// Both at once. Gives the number of jobs it moved.
Task<std::size_t> rescue(sql::Tx& tx, RescueLimits limits, Timestamp now);
// At the start on SQLite, whose one process is the caller: every other worker is dead.
void bury_all_but(sql::Tx& tx, const Uuid& worker, Timestamp now);
// Forgets dead workers that nothing refers to.
void forget_dead(sql::Tx& tx, Timestamp before);

}  // namespace afterresume::jobs
