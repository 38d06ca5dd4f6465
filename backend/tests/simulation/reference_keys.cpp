// Unique jobs: who is given which, and what may be tried again.
#include "reference.h"

#include <fmt/format.h>

#include <algorithm>

namespace afterresume::simulation {

using jobs::OnFailure;
using jobs::State;
using jobs::Status;
using jobs::Unique;

std::optional<Place> Reference::holder(const Job& asked) const {
    auto found = std::ranges::find_if(jobs_, [&](const Job& job) {
        return job.holds_key && job.tenant == asked.tenant && job.key == asked.key;
    });
    if (found == jobs_.end()) return std::nullopt;
    return static_cast<Place>(found - jobs_.begin());
}

// A holder that waits for its time comes forward for who asks for an earlier one; of two that are
// debounced the first is put off, as long as it may be.
std::optional<Place> Reference::join_holder(const Job& asked, Timestamp now) {
    auto place = holder(asked);
    if (!place || jobs_[*place].state != State::scheduled) return place;
    auto& job = jobs_[*place];
    auto debounced = asked.latest_at && job.latest_at;
    auto time = debounced ? std::min(asked.run_at, *job.latest_at) : asked.run_at;
    if (debounced ? time <= job.run_at : time >= job.run_at) return place;
    job.run_at = time;
    if (time <= now) job.state = State::ready;
    return place;
}

std::optional<Place> Reference::owner(const Claim& claim, Timestamp now) const {
    const auto& job = jobs_[claim.place];
    auto counts = !job.outcome || (claim.until > now && job.outcome == Status::success);
    return counts ? std::optional(claim.place) : std::nullopt;
}

Given Reference::ask(Job job, Timestamp now) {
    std::pair key{job.tenant, job.key};
    auto within_period = job.unique == Unique::within_period;
    auto claim = claims_.find(key);
    auto first = claim == claims_.end() ? std::nullopt : owner(claim->second, now);
    if (first && jobs_[*first].outcome) return {*first, false};
    auto joined = join_holder(job, now);
    auto place = joined.value_or(jobs_.size());
    if (within_period && !first) claims_[key] = {place, now + period};
    if (joined) return {place, false};
    job.holds_key = true;
    return {enqueue(std::move(job), now), true};
}

void Reference::forget_keys(Timestamp now) {
    std::erase_if(claims_, [&](const auto& one) { return one.second.until <= now; });
}

// One whose claim is over leaves it to the job that is tried again.
bool Reference::is_key_held(Place by_other_than, Timestamp now) {
    const auto& job = jobs_[by_other_than];
    if (job.unique == Unique::none) return false;
    if (holder(job)) return true;
    auto claim = claims_.find({job.tenant, job.key});
    if (claim == claims_.end() || claim->second.place == by_other_than) return false;
    if (owner(claim->second, now)) return true;
    claim->second.place = by_other_than;
    return false;
}

std::string Reference::retry(Place place, Timestamp now) {
    auto& job = jobs_[place];
    auto scheduled = job.state == State::scheduled;
    if (!scheduled && job.outcome != Status::failed && job.outcome != Status::cancelled)
        return "job.not_failed";
    if (!scheduled && is_key_held(place, now)) return "job.key_held";
    job.state = State::ready;
    job.run_at = now;
    if (scheduled) return "ready";
    ++job.generation;
    ++job.lease_seq;
    job.outcome.reset();
    job.error.clear();
    job.attempts = 0;
    job.rescues = 0;
    job.cancel_requested = false;
    job.steps.clear();
    job.deadline.reset();
    job.latest_at.reset();
    job.holds_key = job.unique != Unique::none;
    wait_again(job);
    return "ready";
}

// A job that begins anew waits for those parents that go on, and not for what it made itself.
void Reference::wait_again(Job& job) const {
    for (auto& edge : job.parents) {
        auto goes_on = jobs_[edge.place].state && edge.on_failure != OnFailure::resume;
        edge.met = edge.met || !goes_on;
    }
    if (!std::ranges::all_of(job.parents, &Parent::met)) job.state = State::blocked;
}

std::string Reference::change_each(
    TenantId tenant, bool cancels, const std::vector<Place>& places, Timestamp now
) {
    std::map<Place, std::string> answers;
    for (auto place : std::set<Place>(places.begin(), places.end())) {
        auto& answer = answers[place];
        if (jobs_[place].tenant != tenant) {
            answer = "request.not_found";
        } else {
            answer = cancels ? cancel(place, now) : retry(place, now);
        }
    }
    std::string text;
    for (auto place : places) text += fmt::format(" {} {}", place, answers[place]);
    return text;
}

}  // namespace afterresume::simulation
