// Where jobs are asked for: in the caller's transaction, so that a job exists exactly when its
// cause does. Owned by app/; types, clock and doorbell must outlive it.
#pragma once

#include "core/describe/writer.h"
#include "engine/jobs/doorbell.h"
#include "engine/jobs/job_types.h"
#include "infra/sql/database.h"

#include <functional>
#include <string>
#include <vector>

namespace afterresume::jobs {

template <describe::described_struct Args>
std::string payload_of(const Args& args) {
    return describe::to_json(args);
}

// Asked after so many jobs were enqueued, or made ready again, because a person asked for them;
// throws when that is more than the tenant may have waiting.
using RequireRoom = std::function<Task<void>(sql::Tx& tx, const Scope& scope, std::int64_t made)>;

class Queue {
public:
    Queue(const JobTypes& types, const Clock& clock, Doorbell& doorbell)
        : types_(types), clock_(clock), doorbell_(doorbell) {}

    // Awaits nothing unless the type is unique or the job comes after others: its rows travel with
    // the caller's next statement or commit. A unique job gives the one that holds its key, if
    // there is one, and keeps that one from beginning before this transaction ends; within a period
    // that may be one that has ended, of which nothing may be left. A job that comes after others
    // and has no parent by its origin has the first of them. The workers of this process are woken
    // after the commit. Error not_found for an unknown job to come after.
    Task<Enqueued> enqueue(sql::Tx& tx, Origin origin, NewJob job);
    // Many jobs at once, few statements for all; ids in the order of the nodes. Not for unique
    // types nor for jobs that come after existing ones.
    std::vector<JobId> enqueue_all(sql::Tx& tx, const Origin& origin, std::vector<Node> nodes);

    // What a job was given, as JSON text. Error internal "job.unreadable_payload" where it was
    // sealed with a key that is not there.
    std::string given(const Claimed& job) const;
    // How all of a job is sealed.
    const PayloadSeal& seal() const { return types_.seal(); }

private:
    void ring_after(sql::Tx& tx, Spot where);

    const JobTypes& types_;
    const Clock& clock_;
    Doorbell& doorbell_;
};

}  // namespace afterresume::jobs
