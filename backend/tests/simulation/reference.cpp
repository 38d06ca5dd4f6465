#include "reference.h"

#include "core/describe/traits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

namespace afterresume::simulation {

using jobs::OnFailure;
using jobs::QueueName;
using jobs::State;
using jobs::Status;
using jobs::Unique;

namespace {

constexpr std::chrono::minutes aging_of_a_priority{5};
constexpr auto unlimited = std::numeric_limits<std::int64_t>::max();

bool satisfied(const Job& parent, OnFailure on_failure) {
    if (on_failure == OnFailure::run || on_failure == OnFailure::resume)
        return parent.outcome.has_value();
    return parent.outcome == Status::success;
}

}  // namespace

std::string line_of(
    Status status, std::int64_t attempts, const std::string& error,
    const std::set<std::string>& steps
) {
    return fmt::format(
        "{}, attempts {}, error {}, steps {}", describe::name_of(status), attempts,
        error.empty() ? "none" : error, fmt::join(steps, "+")
    );
}

Place Reference::enqueue(Job job, Timestamp now) {
    for (auto& parent : job.parents) parent.met = satisfied(jobs_[parent.place], parent.on_failure);
    auto blocked = !std::ranges::all_of(job.parents, &Parent::met);
    job.state = blocked ? State::blocked : job.run_at > now ? State::scheduled : State::ready;
    jobs_.push_back(std::move(job));
    return jobs_.size() - 1;
}

void Reference::promote(Timestamp now) {
    for (auto& job : jobs_) {
        auto waits = job.state == State::scheduled || job.state == State::waiting;
        if (waits && job.run_at <= now) job.state = State::ready;
    }
}

std::int64_t Reference::running(QueueName queue, TenantId tenant) const {
    return std::ranges::count_if(jobs_, [&](const Job& job) {
        return job.state == State::running && job.queue == queue && job.tenant == tenant;
    });
}

std::int64_t Reference::room(QueueName queue, TenantId tenant) const {
    if (paused_.contains(queue) || paused_tenants_.contains({queue, tenant})) return 0;
    auto limit = limits_.find({queue, tenant});
    if (limit == limits_.end()) return unlimited;
    return std::max<std::int64_t>(limit->second - running(queue, tenant), 0);
}

std::vector<Place> Reference::ready_of(QueueName queue, TenantId tenant) const {
    std::vector<Place> ready;
    for (Place place = 0; place < jobs_.size(); ++place) {
        const auto& job = jobs_[place];
        if (job.state == State::ready && job.queue == queue && job.tenant == tenant)
            ready.push_back(place);
    }
    std::ranges::sort(ready, {}, [&](Place place) {
        auto due = jobs_[place].run_at + jobs_[place].priority * aging_of_a_priority;
        return std::pair(due, place);
    });
    return ready;
}

std::size_t Reference::claimable(const std::vector<QueueName>& queues, std::size_t limit) const {
    std::set<TenantId> tenants;
    for (const auto& job : jobs_) tenants.insert(job.tenant);
    std::size_t sum = 0;
    for (auto queue : queues) {
        for (auto tenant : tenants) {
            auto most = std::min(room(queue, tenant), static_cast<std::int64_t>(limit));
            sum += std::min(ready_of(queue, tenant).size(), static_cast<std::size_t>(most));
        }
    }
    return std::min(sum, limit);
}

std::string Reference::refusal(const Attempt& given) const {
    const auto& job = jobs_[given.place];
    if (job.state != State::ready) return "was not ready";
    if (room(job.queue, job.tenant) == 0) return "has a paused queue or a tenant at its limit";
    if (given.lease_seq != job.lease_seq + 1) return "got a lease_seq that is not the next";
    if (given.attempts != job.attempts + 1) return "got an attempt that is not the next";
    if (given.generation != job.generation) return "is of another generation";
    return {};
}

std::string Reference::claim(std::size_t worker, const std::vector<Attempt>& given) {
    std::map<std::pair<QueueName, TenantId>, std::set<Place>> taken;
    for (const auto& attempt : given) {
        const auto& job = jobs_[attempt.place];
        taken[{job.queue, job.tenant}].insert(attempt.place);
    }
    for (const auto& [share, places] : taken) {
        auto ready = ready_of(share.first, share.second);
        ready.resize(std::min(ready.size(), places.size()));
        if (std::set<Place>(ready.begin(), ready.end()) != places)
            return fmt::format(
                "jobs {} came before {}", fmt::join(ready, ", "), fmt::join(places, ", ")
            );
    }
    for (const auto& attempt : given) {
        if (auto why = refusal(attempt); !why.empty())
            return fmt::format("job {} {}", attempt.place, why);
        auto& job = jobs_[attempt.place];
        job.state = State::running;
        job.worker = worker;
        job.lease_seq = attempt.lease_seq;
        job.attempts = attempt.attempts;
        job.latest_at.reset();
        if (job.unique == Unique::while_queued) job.holds_key = false;
    }
    return {};
}

bool Reference::holds(const Attempt& attempt) const {
    const auto& job = jobs_[attempt.place];
    return job.state == State::running && job.lease_seq == attempt.lease_seq &&
           job.worker == attempt.worker;
}

void Reference::finish(Place place, Status status, std::string error, Timestamp now) {
    auto& job = jobs_[place];
    job.state.reset();
    job.worker.reset();
    job.holds_key = false;
    job.outcome = status;
    job.error = std::move(error);
    tell_children(place, now);
}

void Reference::release(Place child, Timestamp now) {
    auto& job = jobs_[child];
    if (!std::ranges::all_of(job.parents, &Parent::met)) return;
    if (job.state == State::waiting) {
        job.state = State::ready;
        job.run_at = now;
    } else if (job.state == State::blocked) {
        job.state = job.run_at > now ? State::scheduled : State::ready;
        job.run_at = std::max(job.run_at, now);
    }
}

// Children that may begin are released with their parent's end, those that may not end later.
void Reference::tell_children(Place parent, Timestamp now) {
    for (Place place = 0; place < jobs_.size(); ++place) {
        auto& job = jobs_[place];
        if (!job.state) continue;
        for (auto& edge : job.parents) {
            if (edge.place != parent || edge.met) continue;
            edge.met = satisfied(jobs_[parent], edge.on_failure);
            if (edge.met) release(place, now);
        }
    }
}

// Whether an ended parent refuses the job, and how: one that says fail outweighs those that cancel.
std::optional<OnFailure> Reference::refused(const Job& job) const {
    std::optional<OnFailure> how;
    for (const auto& edge : job.parents) {
        if (edge.met || !jobs_[edge.place].outcome) continue;
        if (!how || edge.on_failure == OnFailure::fail) how = edge.on_failure;
    }
    return how;
}

void Reference::settle(Timestamp now) {
    for (bool moved = true; moved;) {
        std::map<Place, OnFailure> round;
        for (Place place = 0; place < jobs_.size(); ++place) {
            if (jobs_[place].state != State::blocked) continue;
            if (auto how = refused(jobs_[place])) round[place] = *how;
        }
        for (const auto& [place, how] : round) {
            if (how == OnFailure::cancel) {
                finish(place, Status::cancelled, {}, now);
            } else {
                finish(place, Status::failed, "job.parent_failed", now);
            }
        }
        moved = !round.empty();
    }
    // Who has ended waits for no parent that has, should it begin anew.
    for (auto& job : jobs_) {
        if (job.state) continue;
        for (auto& edge : job.parents) edge.met = edge.met || jobs_[edge.place].outcome;
    }
}

void Reference::end(const Attempt& attempt, Status status, std::string error, Timestamp now) {
    if (!holds(attempt)) return;
    auto cancelled = jobs_[attempt.place].cancel_requested || status == Status::cancelled;
    finish(
        attempt.place, cancelled ? Status::cancelled : status, cancelled ? "" : std::move(error),
        now
    );
}

void Reference::put_back(
    const Attempt& attempt, bool counts, State state, Timestamp run_at, Timestamp now
) {
    if (!holds(attempt)) return;
    auto& job = jobs_[attempt.place];
    if (job.cancel_requested) return finish(attempt.place, Status::cancelled, {}, now);
    job.state = state;
    job.run_at = run_at;
    job.worker.reset();
    ++job.lease_seq;
    if (!counts) --job.attempts;
}

bool Reference::keep_step(const Attempt& attempt, const std::string& name) {
    auto& job = jobs_[attempt.place];
    return holds(attempt) && !job.cancel_requested && job.steps.insert(name).second;
}

std::string Reference::cancel(Place place, Timestamp now) {
    auto& job = jobs_[place];
    if (!job.state) return "job.finished";
    if (job.state == State::running) {
        job.cancel_requested = true;
        return "running";
    }
    finish(place, Status::cancelled, {}, now);
    return "cancelled";
}

void Reference::rescue(const std::set<std::size_t>& dead, Timestamp now) {
    for (Place place = 0; place < jobs_.size(); ++place) {
        auto& job = jobs_[place];
        auto orphaned = job.state == State::running && dead.contains(*job.worker);
        auto late = job.state && job.deadline && *job.deadline < now;
        if (!orphaned && !late) continue;
        if (job.cancel_requested) {
            finish(place, Status::cancelled, {}, now);
        } else if (late) {
            finish(place, Status::failed, "job.deadline_exceeded", now);
        } else if (job.rescues >= most_rescues) {
            finish(place, Status::failed, "job.worker_died", now);
        } else {
            job.state = State::ready;
            job.worker.reset();
            ++job.lease_seq;
            ++job.rescues;
            --job.attempts;
        }
    }
}

void Reference::pause(QueueName queue, bool paused) {
    if (paused) {
        paused_.insert(queue);
    } else {
        paused_.erase(queue);
    }
}

void Reference::pause(QueueName queue, TenantId tenant, bool paused) {
    if (paused) {
        paused_tenants_.insert({queue, tenant});
    } else {
        paused_tenants_.erase({queue, tenant});
    }
}

void Reference::limit(QueueName queue, TenantId tenant, std::optional<std::int64_t> most) {
    if (most) {
        limits_[{queue, tenant}] = *most;
    } else {
        limits_.erase({queue, tenant});
    }
}

std::string Reference::view(Place place) const {
    const auto& job = jobs_[place];
    auto unfinished = job.state == State::running ? Status::running : Status::queued;
    return line_of(job.outcome.value_or(unfinished), job.attempts, job.error, job.steps);
}

}  // namespace afterresume::simulation
