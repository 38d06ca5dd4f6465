// Where jobs are asked for: in the caller's transaction, so that a job exists exactly when its
// cause does. Owned by app/; types, clock and doorbell must outlive it.
#pragma once

#include "core/describe/writer.h"
#include "engine/jobs/doorbell.h"
#include "engine/jobs/job_types.h"
#include "infra/sql/database.h"

#include <string>
#include <vector>

namespace afterresume::jobs {

template <describe::described_struct Args>
std::string payload_of(const Args& args) {
    return describe::to_json(args);
}

class Queue {
public:
    Queue(const JobTypes& types, const Clock& clock, Doorbell& doorbell)
        : types_(types), clock_(clock), doorbell_(doorbell) {}

    // Awaits nothing unless the type is unique: its rows travel with the caller's next statement or
    // commit. A unique job gives the one that holds its key, if there is one, and keeps that one
    // from beginning before this transaction ends. The workers of this process are woken after the
    // commit.
    Task<Enqueued> enqueue(sql::Tx& tx, Origin origin, NewJob job);
    // Many jobs of one type that is not unique, one statement for all; ids in the order of the
    // payloads.
    std::vector<JobId> enqueue_all(
        sql::Tx& tx, const Origin& origin, std::string_view type,
        const std::vector<std::string>& payloads
    );

private:
    void ring_after(sql::Tx& tx);

    const JobTypes& types_;
    const Clock& clock_;
    Doorbell& doorbell_;
};

}  // namespace afterresume::jobs
