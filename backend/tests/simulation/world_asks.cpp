// What people ask for in other ways than job by job.
#include "world.h"

#include "engine/jobs/keys.h"

#include <algorithm>

namespace afterresume::simulation {

namespace {

Task<void> ask_for(
    sql::Tx& tx, jobs::Queue& queue, Scope scope, jobs::NewJob job, jobs::Enqueued& given
) {
    given = co_await queue.enqueue(tx, jobs::origin_of(scope), std::move(job));
}

Task<void> forget_all(sql::Tx& tx, Timestamp now) { co_await jobs::forget_keys(tx, now, 1'000); }

}  // namespace

std::optional<Given> World::ask(const Wish& wish, Fate fate) {
    jobs::Enqueued given;
    act(owner(wish.alices), fate,
        [&](sql::Tx& tx) { return ask_for(tx, queue_, scope_of(wish.alices), wish.job, given); });
    if (fate == Fate::undone) return std::nullopt;
    if (given.fresh) {
        jobs_.push_back(given.id);
        alices_.push_back(wish.alices);
    }
    auto place = std::ranges::find(jobs_, given.id) - jobs_.begin();
    return Given{static_cast<Place>(place), given.fresh};
}

void World::forget_keys() {
    act(engine(), Fate::done, [&](sql::Tx& tx) { return forget_all(tx, clock_.now()); });
}

}  // namespace afterresume::simulation
