// Jobs that step aside in the middle of their run.
#include "world.h"

#include "engine/jobs/steps.h"
#include "engine/jobs/waiting.h"

namespace afterresume::simulation {

namespace {

Task<void> step_aside(sql::Tx& tx, jobs::Fence fence, Timestamp until, Timestamp now) {
    jobs::hold(tx, fence);
    jobs::wait_until(tx, fence, until, now);
    co_return;
}

Task<void> wait_for_made(
    sql::Tx& tx, jobs::Queue& queue, Scope scope, jobs::Fence fence, std::vector<jobs::Node> nodes,
    Timestamp now, std::vector<jobs::JobId>& made
) {
    jobs::hold(tx, fence);
    made = queue.enqueue_all(tx, jobs::origin_of(scope), std::move(nodes));
    jobs::wait_for_made(tx, fence, scope.tenant(), made, now);
    co_return;
}

struct Call {
    std::string name;
    Timestamp until;
    std::int64_t generation = 1;
};

Task<void> wait_for_call(
    sql::Tx& tx, TenantId tenant, jobs::Fence fence, Call call, Timestamp now, std::string& answer
) {
    jobs::hold(tx, fence);
    auto known = co_await jobs::find_step(tx, tenant, fence.id, call.generation, call.name, {});
    answer = known ? "was called before" : "waits";
    if (!known) jobs::wait_for_call(tx, fence, call.name, call.until, now);
}

Task<void> call(
    sql::Tx& tx, TenantId tenant, jobs::JobId job, std::string name, jobs::Doorbell& doorbell,
    Timestamp now, bool& called
) {
    called = co_await jobs::call_back(
        tx, tenant, job, std::move(name), "{}", jobs::PayloadSeal(), doorbell, now
    );
}

}  // namespace

std::string World::held(
    const Attempt& attempt, Fate fate, const Act& one, const std::string& answer
) {
    try {
        act(requester(attempt.place), fate, one);
    } catch (const Error& error) {
        if (error.code() != jobs::not_held) throw;
        return error.code();
    }
    return answer;
}

std::string World::wait(const Attempt& attempt, Timestamp until, Timestamp now, Fate fate) {
    auto one = [&](sql::Tx& tx) { return step_aside(tx, fence_of(attempt), until, now); };
    return held(attempt, fate, one, "waits");
}

std::string World::wait_for_jobs(
    const Attempt& attempt, const std::vector<jobs::Node>& nodes, Fate fate
) {
    std::vector<jobs::JobId> made;
    auto one = [&](sql::Tx& tx) {
        const auto& scope = scope_at(attempt.place);
        return wait_for_made(tx, queue_, scope, fence_of(attempt), nodes, clock_.now(), made);
    };
    auto answer = held(attempt, fate, one, "waits");
    if (fate == Fate::undone || answer != "waits") return answer;
    jobs_.insert(jobs_.end(), made.begin(), made.end());
    alices_.resize(jobs_.size(), alices_[attempt.place]);
    return answer;
}

std::string World::wait_for_call(
    const Attempt& attempt, const std::string& name, Timestamp until, Fate fate
) {
    std::string answer;
    auto tenant = scope_at(attempt.place).tenant();
    Call call{name, until, attempt.generation};
    auto one = [&](sql::Tx& tx) {
        auto fence = fence_of(attempt);
        return simulation::wait_for_call(tx, tenant, fence, call, clock_.now(), answer);
    };
    return held(attempt, fate, one, answer);
}

bool World::call_back(Place place, const std::string& name, Fate fate) {
    bool called = false;
    act(requester(place), fate, [&](sql::Tx& tx) {
        auto tenant = scope_at(place).tenant();
        return call(tx, tenant, jobs_[place], name, doorbell_, clock_.now(), called);
    });
    return called;
}

}  // namespace afterresume::simulation
