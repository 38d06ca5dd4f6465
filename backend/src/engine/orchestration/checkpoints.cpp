#include "engine/orchestration/checkpoints.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace afterresume::orchestration {

namespace {

std::int64_t milliseconds_between(Timestamp from, Timestamp to) { return (to - from).count(); }

jobs::NewEvent begun_event(const std::string& name, Timestamp at) {
    return {
        at,
        jobs::Level::info,
        jobs::Source::workflow,
        fmt::format("Began the step {}", name),
        {{"event", "step_started"}, {"step", name}}
    };
}

}  // namespace

Checkpoints::Checkpoints(
    Surroundings surroundings, const jobs::Claimed& job, const Scope& scope, Signals& signals,
    Plan plan
)
    : surroundings_(surroundings),
      job_(job),
      scope_(scope),
      signals_(signals),
      plan_(std::move(plan)) {}

void Checkpoints::check() const {
    if (!surroundings_.lease.trusted()) throw Stopped{Stopped::Reason::authority_lost};
    signals_.check();
    if (job_.deadline && now() > *job_.deadline) {
        throw Error(
            ErrorKind::internal, "job.deadline_exceeded", "The job did not end before its deadline."
        );
    }
}

const StepPlan& Checkpoints::planned(std::string_view name) const {
    auto found = std::ranges::find(plan_, name, &StepPlan::name);
    if (found != plan_.end()) return *found;
    throw std::logic_error(fmt::format("{} plans no step {}", job_.type, name));
}

// Two steps at once may both come here first; what they read is the same.
Task<void> Checkpoints::load() {
    if (loaded_) co_return;
    std::vector<jobs::Step> stored;
    if (job_.began_before()) {
        auto tx = surroundings_.database.begin(scope_, sql::Access::read);
        stored = co_await jobs::list_steps(*tx, job_.tenant_id, job_.id, job_.generation);
    }
    for (auto& step : stored) {
        std::pair key{step.name, step.input_hash};
        known_.try_emplace(std::move(key), opened(std::move(step)));
    }
    loaded_ = true;
}

Task<std::optional<jobs::Step>> Checkpoints::find(Part part, std::string input_hash) {
    check();
    if (!used_.insert(part.name).second)
        throw std::logic_error(fmt::format("{} does the step {} twice", job_.type, part.name));
    co_await load();
    auto found = known_.find({part.name, input_hash});
    if (found == known_.end()) co_return std::nullopt;
    count(part);
    co_return found->second;
}

Task<std::optional<jobs::Step>> Checkpoints::find_wait(std::string name) {
    check();
    co_await load();
    auto found = known_.find({std::move(name), std::string()});
    co_return found == known_.end() ? std::nullopt : std::optional(found->second);
}

Task<void> Checkpoints::begin(std::string name) {
    co_await fenced([&](sql::Tx& tx) -> Task<void> {
        jobs::append_event(tx, job_.tenant_id, job_.id, begun_event(name, now()));
        co_return;
    });
}

Task<void> Checkpoints::keep(Part part, jobs::Step step, bool begun) {
    step = sealed(std::move(step));
    co_await fenced([&](sql::Tx& tx) -> Task<void> {
        jobs::keep_step(tx, job_.tenant_id, job_.id, job_.generation, step);
        if (!begun)
            jobs::append_event(
                tx, job_.tenant_id, job_.id, begun_event(step.name, step.started_at)
            );
        count(part);
        jobs::append_event(tx, job_.tenant_id, job_.id, finished_event(part, step));
        co_return;
    });
}

jobs::Step Checkpoints::sealed(jobs::Step step) const {
    const auto& seal = surroundings_.queue.seal();
    auto part = jobs::step_part(step.name);
    step.output = seal.seal(job_.tenant_id, job_.id, std::move(step.output), part);
    return step;
}

jobs::Step Checkpoints::opened(jobs::Step step) const {
    const auto& seal = surroundings_.queue.seal();
    auto part = jobs::step_part(step.name);
    step.output = seal.open(job_.tenant_id, job_.id, step.output, part);
    return step;
}

jobs::NewEvent Checkpoints::finished_event(const Part& part, const jobs::Step& step) const {
    const auto& told = part.plan->sentence;
    return {
        now(),
        jobs::Level::info,
        jobs::Source::workflow,
        told.empty() || part.parts > 1 ? fmt::format("Finished the step {}", step.name) : told,
        {{"event", "step_finished"},
         {"step", step.name},
         {"duration_ms", milliseconds_between(step.started_at, step.finished_at)},
         {"cost", step.cost}},
        percent()
    };
}

void Checkpoints::count(const Part& part) {
    done_ += static_cast<double>(part.plan->weight) / static_cast<double>(part.parts);
}

// The whole is told by the end of the job only.
std::int16_t Checkpoints::percent() const {
    auto all = std::accumulate(plan_.begin(), plan_.end(), 0.0, [](double sum, const auto& step) {
        return sum + step.weight;
    });
    return static_cast<std::int16_t>(std::min(99.0, 100.0 * done_ / all + 1e-9));
}

}  // namespace afterresume::orchestration
