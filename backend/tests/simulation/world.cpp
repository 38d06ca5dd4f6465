#include "world.h"

#include "engine/jobs/control.h"
#include "engine/jobs/processes.h"
#include "engine/jobs/queue_control.h"
#include "engine/jobs/release.h"
#include "engine/jobs/steps.h"
#include "engine/jobs/testing.h"

namespace afterresume::simulation {

using jobs::QueueName;
using jobs::State;
using jobs::Status;

namespace {

// Longer than any history takes by the clock of the database.
constexpr std::chrono::hours lease{10};

jobs::JobTypes all_types() {
    jobs::JobTypes types;
    types.add({.name = "a.one"});
    types.add({.name = "a.heavy", .estimated_cost = 50'000});
    types.add({.name = "a.quick", .queue = QueueName::interactive});
    types.add({.name = "a.unique", .unique = jobs::Unique::while_queued});
    types.add({.name = "a.alone", .unique = jobs::Unique::while_unfinished});
    types.add(
        {.name = "a.seldom", .unique = jobs::Unique::within_period, .period = {Reference::period}}
    );
    return types;
}

Task<void> keep(
    sql::Tx& tx, TenantId tenant, jobs::Fence fence, std::int64_t generation, jobs::Step step,
    bool& kept
) {
    jobs::hold(tx, fence);
    auto earlier =
        co_await jobs::find_step(tx, tenant, fence.id, generation, step.name, step.input_hash);
    if (earlier) co_return;
    jobs::keep_step(tx, tenant, fence.id, generation, step);
    kept = true;
}

Task<void> cancel_one(
    sql::Tx& tx, Scope scope, jobs::JobId id, jobs::Doorbell& bell, Timestamp now,
    std::string& answer
) {
    auto status = co_await jobs::cancel(tx, scope, id, bell, now);
    answer = describe::name_of(status);
}

Task<void> retry_one(
    sql::Tx& tx, Scope scope, jobs::JobId id, jobs::Doorbell& bell, Timestamp now,
    std::string& answer
) {
    co_await jobs::retry(tx, scope, id, bell, now);
    answer = "ready";
}

Task<void> rescue_all(sql::Tx& tx, Timestamp now) {
    co_await jobs::rescue(
        tx, {.rescues = Reference::most_rescues, .batch = 1'000, .apart = {}}, now
    );
}

Task<void> settle_once(sql::Tx& tx, Timestamp now, bool& moved) {
    moved = co_await jobs::resolve(tx, 100, now) > 0;
}

Task<void> nothing() { co_return; }

// An act that is refused or undone has let go of what it locked when this returns: the next claim
// would pass that by.
Task<void> once(
    std::unique_ptr<sql::Tx> tx, const std::function<Task<void>(sql::Tx&)>& act, bool commit
) {
    std::exception_ptr refused;
    try {
        co_await act(*tx);
        if (commit) co_await tx->commit();
    } catch (...) {
        refused = std::current_exception();
    }
    co_await tx->rollback();
    if (refused) std::rethrow_exception(refused);
}

Task<jobs::Enqueued> enqueue_one(
    sql::Database& database, jobs::Queue& queue, Scope scope, jobs::NewJob job
) {
    auto tx = database.begin(scope, sql::Access::write);
    auto made = co_await queue.enqueue(*tx, jobs::origin_of(scope), std::move(job));
    co_await tx->commit();
    co_return made;
}

}  // namespace

World::World(sql::Dialect dialect, const Clock& clock)
    : clock_(clock),
      scratch_(dialect, jobs::engine_schema()),
      types_(all_types()),
      queue_(types_, clock, doorbell_) {}

const Scope& World::scope_of(bool alices) const {
    return alices ? scratch_.alice() : scratch_.bob();
}

World::Begin World::engine() {
    return [this] { return scratch_.database().begin_engine(sql::Access::write); };
}

World::Begin World::owner(bool alices) {
    return
        [this, alices] { return scratch_.database().begin(scope_of(alices), sql::Access::write); };
}

World::Begin World::requester(Place place) { return owner(alices_[place]); }

void World::act(const Begin& begin, Fate fate, const Act& act) {
    scratch_.run(once(begin(), act, fate != Fate::undone));
    if (fate == Fate::done_twice) scratch_.run(once(begin(), act, true));
}

void World::enqueue(Wish wish) {
    for (const auto& parent : wish.parents)
        wish.job.after.push_back({jobs_[parent.place], parent.on_failure});
    const auto& scope = scope_of(wish.alices);
    auto made = scratch_.run(enqueue_one(scratch_.database(), queue_, scope, std::move(wish.job)));
    jobs_.push_back(made.id);
    alices_.push_back(wish.alices);
}

void World::end(const Attempt& attempt, Status status, Timestamp now, Fate fate) {
    jobs::Ending ending{fence_of(attempt), status};
    if (status == Status::failed)
        ending.error = jobs::Failure{jobs::FailureKind::permanent, "test.broken", "It broke."};
    act(engine(), fate, [&](sql::Tx& tx) {
        jobs::write_outcomes(tx, {ending}, {}, now);
        return nothing();
    });
}

void World::put_back(
    const Attempt& attempt, bool counts, Timestamp run_at, Timestamp now, Fate fate
) {
    jobs::Return back;
    back.fence = fence_of(attempt);
    back.counted = counts ? jobs::Counted::attempt : jobs::Counted::nothing;
    back.state = State::scheduled;
    back.run_at = run_at;
    back.event = {now, jobs::Level::warning, jobs::Source::worker, "Later", {{"event", "later"}}};
    act(engine(), fate, [&](sql::Tx& tx) {
        jobs::write_outcomes(tx, {}, {back}, now);
        return nothing();
    });
}

bool World::keep_step(const Attempt& attempt, const std::string& name, Timestamp now, Fate fate) {
    jobs::Step step{name, jobs::hash_of(name), "{}", attempt.attempts, now, now, 0};
    bool kept = false;
    auto tenant = scope_at(attempt.place).tenant();
    try {
        act(engine(), fate, [&](sql::Tx& tx) {
            return keep(tx, tenant, fence_of(attempt), attempt.generation, step, kept);
        });
    } catch (const Error& error) {
        if (error.code() != jobs::not_held) throw;
    }
    return kept;
}

std::string World::answer(Place place, Fate fate, const Act& one) {
    try {
        act(requester(place), fate, one);
    } catch (const Error& error) {
        return error.code();
    }
    return {};
}

std::string World::cancel(Place place, Fate fate) {
    std::string status;
    auto refused = answer(place, fate, [&](sql::Tx& tx) {
        return cancel_one(tx, scope_at(place), jobs_[place], doorbell_, clock_.now(), status);
    });
    return refused.empty() ? status : refused;
}

std::string World::retry(Place place, Fate fate) {
    std::string state;
    auto refused = answer(place, fate, [&](sql::Tx& tx) {
        return retry_one(tx, scope_at(place), jobs_[place], doorbell_, clock_.now(), state);
    });
    return refused.empty() ? state : refused;
}

void World::add_worker() {
    workers_.push_back(Uuid::random());
    act(engine(), Fate::done, [&](sql::Tx& tx) {
        jobs::register_worker(tx, workers_.back(), lease, {}, clock_.now());
        return nothing();
    });
}

void World::end_lease(std::size_t worker) {
    static constexpr sql::Statement statement{
        "test.end_lease", "UPDATE worker SET lease_until = started_at WHERE id = :id"
    };
    act(engine(), Fate::done, [&](sql::Tx& tx) {
        tx.defer(statement, sql::named("id", workers_[worker]));
        return nothing();
    });
}

void World::rescue(Timestamp now) {
    act(engine(), Fate::done, [&](sql::Tx& tx) { return rescue_all(tx, now); });
}

void World::settle(Timestamp now) {
    for (bool moved = true; moved;)
        act(engine(), Fate::done, [&](sql::Tx& tx) { return settle_once(tx, now, moved); });
}

void World::pause(QueueName queue, bool paused) {
    act(engine(), Fate::done, [&](sql::Tx& tx) {
        if (paused) {
            jobs::pause_queue(tx, queue);
        } else {
            jobs::resume_queue(tx, queue);
        }
        return nothing();
    });
}

void World::pause(QueueName queue, bool alices, bool paused) {
    auto tenant = scope_of(alices).tenant();
    act(engine(), Fate::done, [&](sql::Tx& tx) {
        if (paused) {
            jobs::pause_tenant(tx, queue, tenant);
        } else {
            jobs::resume_tenant(tx, queue, tenant);
        }
        return nothing();
    });
}

void World::set_share(
    QueueName queue, bool alices, std::int64_t weight, std::optional<std::int64_t> most
) {
    auto tenant = scope_of(alices).tenant();
    act(engine(), Fate::done, [&](sql::Tx& tx) {
        jobs::set_share(tx, queue, tenant, {weight, most}, clock_.now());
        return nothing();
    });
}

}  // namespace afterresume::simulation
