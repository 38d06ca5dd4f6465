// What the engine promises, told again in plain memory: every act of a history is done here too,
// and what it should have led to is compared with what a database shows. Owned by a history.
#pragma once

#include "reference_jobs.h"

#include "engine/jobs/queue_control.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace afterresume::simulation {

class Reference {
public:
    static constexpr std::int64_t most_rescues = 2;
    // Of the type that is unique within one.
    static constexpr std::chrono::minutes period{1};

    Place enqueue(Job job, Timestamp now);
    // For a unique job: the one that holds its key, or a new one.
    Given ask(Job job, Timestamp now);
    // Those whose period is over.
    void forget_keys(Timestamp now);
    // Scheduled jobs whose time has come become ready.
    void promote(Timestamp now);
    // How many jobs claims of up to `limit` give that ask until there is no more.
    std::size_t claimable(const std::vector<jobs::QueueName>& queues, std::size_t limit) const;
    // A sentence when one of the jobs may not be given to the worker now.
    std::string claim(std::size_t worker, const std::vector<Attempt>& given);

    bool holds(const Attempt& attempt) const;
    void end(const Attempt& attempt, jobs::Status status, std::string error, Timestamp now);
    void put_back(
        const Attempt& attempt, bool counts, jobs::State state, Timestamp run_at, Timestamp now
    );
    // Whether it was kept: not by a stale attempt, and not twice.
    bool keep_step(const Attempt& attempt, const std::string& name);
    // The job steps aside until then, or for good: whether it does, or the code of the refusal.
    std::string wait(const Attempt& attempt, std::optional<Timestamp> until, Timestamp now);
    std::string wait_for_jobs(const Attempt& attempt, std::vector<Job> made, Timestamp now);
    std::string wait_for_call(
        const Attempt& attempt, const std::string& name, Timestamp until, Timestamp now
    );
    bool call_back(Place place, const std::string& name, Timestamp now);
    // What the caller reads: the status, or the code of the refusal.
    std::string cancel(Place place, Timestamp now);
    std::string retry(Place place, Timestamp now);
    // Of a tenant's jobs each by itself, in the order of their making; answers in the order given.
    std::string change_each(
        TenantId tenant, bool cancels, const std::vector<Place>& places, Timestamp now
    );
    void rescue(const std::set<std::size_t>& dead, Timestamp now);
    // Ends the jobs whose parents did not succeed.
    void settle(Timestamp now);

    void pause(jobs::QueueName queue, bool paused);
    void pause(jobs::QueueName queue, TenantId tenant, bool paused);
    void limit(jobs::QueueName queue, TenantId tenant, std::optional<std::int64_t> most);

    const Job& job(Place place) const { return jobs_[place]; }
    std::size_t size() const { return jobs_.size(); }
    // The job as its requester sees it, in one line.
    std::string view(Place place) const;

private:
    // Whose a key is for a period, ended or not.
    struct Claim {
        Place place = 0;
        Timestamp until;
    };
    std::optional<Place> holder(const Job& asked) const;
    std::optional<Place> join_holder(const Job& asked, Timestamp now);
    std::optional<Place> owner(const Claim& claim, Timestamp now) const;
    bool is_key_held(Place by_other_than, Timestamp now);
    void wait_again(Job& job) const;

    std::int64_t running(jobs::QueueName queue, TenantId tenant) const;
    std::int64_t room(jobs::QueueName queue, TenantId tenant) const;
    // In the order in which claims take them.
    std::vector<Place> ready_of(jobs::QueueName queue, TenantId tenant) const;
    std::string refusal(const Attempt& given) const;
    void finish(Place place, jobs::Status status, std::string error, Timestamp now);
    void tell_children(Place parent, Timestamp now);
    std::optional<jobs::OnFailure> refused(const Job& job) const;
    void release(Place child, Timestamp now);

    std::vector<Job> jobs_;
    std::map<std::pair<TenantId, std::string>, Claim> claims_;
    std::set<jobs::QueueName> paused_;
    std::set<std::pair<jobs::QueueName, TenantId>> paused_tenants_;
    std::map<std::pair<jobs::QueueName, TenantId>, std::int64_t> limits_;
};

// One line of what a client sees of a job, made in one place for the reference and the databases.
std::string line_of(
    jobs::Status status, std::int64_t attempts, const std::string& error,
    const std::set<std::string>& steps
);

}  // namespace afterresume::simulation
