// What people ask for in other ways than job by job.
#include "world.h"

#include "engine/api/batch.h"
#include "engine/jobs/keys.h"

#include <algorithm>

namespace afterresume::simulation {

namespace {

Task<void> ask_for(
    sql::Tx& tx, jobs::Queue& queue, Scope scope, jobs::NewJob job, jobs::Enqueued& given
) {
    given = co_await queue.enqueue(tx, jobs::origin_of(scope), std::move(job));
}

Task<void> enqueue_nodes(
    sql::Tx& tx, jobs::Queue& queue, Scope scope, std::vector<jobs::Node> nodes,
    std::vector<jobs::JobId>& made
) {
    made = queue.enqueue_all(tx, jobs::origin_of(scope), std::move(nodes));
    co_return;
}

Task<void> run(
    sql::Tx& tx, Scope scope, jobs::BatchParts parts, jobs::Batch batch, jobs::BatchResult& result
) {
    result = co_await jobs::run_batch(tx, scope, parts, std::move(batch));
}

// What a call for this job alone answers.
std::string answer_of(const jobs::BatchItem& item, bool cancels) {
    if (item.error) return item.error->code;
    if (!cancels) return "ready";
    return item.status == 200 ? "cancelled" : "running";
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

void World::enqueue_all(bool alices, const std::vector<jobs::Node>& nodes, Fate fate) {
    std::vector<jobs::JobId> made;
    act(owner(alices), fate,
        [&](sql::Tx& tx) { return enqueue_nodes(tx, queue_, scope_of(alices), nodes, made); });
    if (fate == Fate::undone) return;
    jobs_.insert(jobs_.end(), made.begin(), made.end());
    alices_.resize(jobs_.size(), alices);
}

std::string World::change_each(
    bool alices, bool cancels, const std::vector<Place>& places, Fate fate
) {
    jobs::Batch batch;
    batch.op = cancels ? jobs::BatchOp::cancel : jobs::BatchOp::retry;
    batch.ids.emplace();
    for (auto place : places) batch.ids->push_back(jobs_[place]);
    jobs::BatchResult result;
    act(owner(alices), fate, [&](sql::Tx& tx) {
        jobs::BatchParts parts{types_, queue_, doorbell_, doorbell_, clock_};
        return run(tx, scope_of(alices), parts, batch, result);
    });
    std::string text;
    for (std::size_t i = 0; i < places.size(); ++i)
        text += fmt::format(" {} {}", places[i], answer_of(result.items[i], cancels));
    return text;
}

void World::forget_keys() {
    act(engine(), Fate::done, [&](sql::Tx& tx) { return forget_all(tx, clock_.now()); });
}

}  // namespace afterresume::simulation
