// What workers are given.
#include "world.h"

#include "engine/jobs/release.h"

#include <algorithm>

namespace afterresume::simulation {

using jobs::QueueName;

namespace {

const std::vector<std::string> known{"a.alone", "a.heavy",  "a.one",
                                     "a.quick", "a.seldom", "a.unique"};

Task<void> claim_once(sql::Tx& tx, jobs::ClaimRequest request, jobs::Claims& claims) {
    jobs::release(tx, 1'000, request.now);
    jobs::promote_due(tx, request.now);
    auto got = co_await jobs::claim(tx, std::move(request));
    std::ranges::move(got.jobs, std::back_inserter(claims.jobs));
    claims.more = got.more;
    claims.places = std::move(got.places);
}

}  // namespace

std::vector<Attempt> World::attempts_at(const std::vector<jobs::Claimed>& jobs) const {
    std::vector<Attempt> attempts;
    for (const auto& job : jobs) {
        auto place = std::ranges::find(jobs_, job.id) - jobs_.begin();
        auto worker = std::ranges::find(workers_, job.worker) - workers_.begin();
        attempts.push_back(
            {static_cast<Place>(place), job.lease_seq, job.generation, job.attempts,
             static_cast<std::size_t>(worker)}
        );
    }
    std::ranges::sort(attempts, {}, &Attempt::place);
    return attempts;
}

std::vector<Attempt> World::claim(
    std::size_t worker, std::vector<QueueName> queues, std::int64_t limit, Timestamp now
) {
    jobs::Claims claims;
    claims.more = true;
    while (claims.more) {
        auto left = limit - static_cast<std::int64_t>(claims.jobs.size());
        jobs::ClaimRequest request{workers_[worker], queues, known, left, now};
        request.places = claims.places;
        act(engine(), Fate::done, [&](sql::Tx& tx) { return claim_once(tx, request, claims); });
    }
    return attempts_at(claims.jobs);
}

std::vector<Attempt> World::claim_in_vain(
    std::size_t worker, std::vector<QueueName> queues, Timestamp now
) {
    jobs::Claims claims;
    jobs::ClaimRequest request{workers_[worker], std::move(queues), known, 3, now};
    act(engine(), Fate::undone, [&](sql::Tx& tx) { return claim_once(tx, request, claims); });
    return attempts_at(claims.jobs);
}

}  // namespace afterresume::simulation
