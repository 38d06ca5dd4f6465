// The engine on one database, as a history acts on it. Jobs and workers go by their places, which
// are the same on every database; nothing runs by itself, and time is the history's.
#pragma once

#include "reference.h"

#include "engine/jobs/claims.h"
#include "engine/jobs/outcomes.h"
#include "engine/jobs/queue.h"
#include "infra/sql/testing.h"

namespace afterresume::simulation {

// What becomes of the transaction of an act: its process may be killed before the commit, or before
// it learns of it, and then the act is done once more.
enum class Fate { done, undone, done_twice };

struct Wish {
    bool alices = true;
    jobs::NewJob job;
    std::vector<Parent> parents;
};

class World {
public:
    World(sql::Dialect dialect, const Clock& clock);

    void enqueue(Wish wish);
    // For a unique job; the one that is given, nothing when the act is undone.
    std::optional<Given> ask(const Wish& wish, Fate fate);
    void forget_keys();
    // Many at once, which may come after one another.
    void enqueue_all(bool alices, const std::vector<jobs::Node>& nodes, Fate fate);
    // One batch; its answers as Reference::change_each() gives them.
    std::string change_each(bool alices, bool cancels, const std::vector<Place>& places, Fate fate);
    // Asks until there is no more or the limit is reached; ordered by place.
    std::vector<Attempt> claim(
        std::size_t worker, std::vector<jobs::QueueName> queues, std::int64_t limit, Timestamp now
    );
    // A claim that a crash of the database undoes when its worker has begun already.
    std::vector<Attempt> claim_in_vain(
        std::size_t worker, std::vector<jobs::QueueName> queues, Timestamp now
    );
    void end(const Attempt& attempt, jobs::Status status, Timestamp now, Fate fate);
    void put_back(const Attempt& attempt, bool counts, Timestamp run_at, Timestamp now, Fate fate);
    // Whether it was kept.
    bool keep_step(const Attempt& attempt, const std::string& name, Timestamp now, Fate fate);
    // Whether it waits, or the code of the refusal.
    std::string wait(const Attempt& attempt, Timestamp until, Timestamp now, Fate fate);
    std::string wait_for_jobs(
        const Attempt& attempt, const std::vector<jobs::Node>& made, Fate fate
    );
    std::string wait_for_call(
        const Attempt& attempt, const std::string& name, Timestamp until, Fate fate
    );
    bool call_back(Place place, const std::string& name, Fate fate);
    // The status, or the code of the refusal.
    std::string cancel(Place place, Fate fate);
    std::string retry(Place place, Fate fate);

    void add_worker();
    void end_lease(std::size_t worker);
    void rescue(Timestamp now);
    // Does all that ended jobs left to be done.
    void settle(Timestamp now);
    void pause(jobs::QueueName queue, bool paused);
    void pause(jobs::QueueName queue, bool alices, bool paused);
    void set_share(
        jobs::QueueName queue, bool alices, std::int64_t weight, std::optional<std::int64_t> most
    );

    // The job as its requester sees it, as Reference::view() writes it.
    std::string view(Place place);
    // All that was told of it, without the times.
    std::string events(Place place);
    std::vector<std::string> violations();

private:
    using Act = std::function<Task<void>(sql::Tx&)>;
    using Begin = std::function<std::unique_ptr<sql::Tx>()>;
    void act(const Begin& begin, Fate fate, const Act& act);
    Begin engine();
    Begin owner(bool alices);
    Begin requester(Place place);
    // What the act says, or that the attempt does not hold its job.
    std::string held(const Attempt& attempt, Fate fate, const Act& act, const std::string& answer);
    std::string answer(Place place, Fate fate, const Act& act);
    const Scope& scope_of(bool alices) const;
    const Scope& scope_at(Place place) const { return scope_of(alices_[place]); }
    jobs::Fence fence_of(const Attempt& attempt) const {
        return {jobs_[attempt.place], attempt.lease_seq, workers_[attempt.worker]};
    }
    std::vector<Attempt> attempts_at(const std::vector<jobs::Claimed>& jobs) const;

    const Clock& clock_;
    sql::ScratchDatabase scratch_;
    jobs::JobTypes types_;
    jobs::Doorbell doorbell_;
    jobs::Queue queue_;
    std::vector<jobs::JobId> jobs_;
    std::vector<bool> alices_;
    std::vector<Uuid> workers_;
};

}  // namespace afterresume::simulation
