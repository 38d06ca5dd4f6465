#include "engine/jobs/queue_rows.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

Uuid or_else(const Uuid& id, const JobId& job) { return id == Uuid{} ? job : id; }

}  // namespace

Rows rows_of(
    const JobType& type, const PayloadSeal& seal, const Origin& origin, NewJob job, Timestamp now
) {
    auto id = Uuid::at(now.time_since_epoch().count());
    Rows rows{
        id,
        origin.tenant,
        origin.user,
        type.name,
        type.queue,
        job.priority.value_or(type.priority),
        origin.trigger,
        {seal.seal(origin.tenant, id, std::move(job.payload))},
        origin.parent,
        origin.root,
        or_else(origin.trace_id, id),
        or_else(origin.correlation_id, id),
        origin.batch,
        type.max_attempts,
        job.deadline,
        now,
        State::ready,
        now,
        0,
        std::nullopt,
        type.unique == Unique::while_unfinished || type.unique == Unique::within_period,
        std::nullopt,
        job.estimated_cost.value_or(type.estimated_cost)
    };
    if (type.unique != Unique::none)
        rows.unique_key = job.key ? std::move(*job.key) : std::to_string(origin.user.value);
    if (job.run_at) {
        // A time that is past would be before those who wait, and behind where claims look.
        rows.run_at = std::max(*job.run_at, now);
    } else if (job.start == Start::debounced) {
        rows.run_at = now + type.debounce.quiet;
        rows.latest_at = now + type.debounce.longest;
    }
    if (rows.run_at > now) rows.state = State::scheduled;
    return rows;
}

}  // namespace afterresume::jobs
