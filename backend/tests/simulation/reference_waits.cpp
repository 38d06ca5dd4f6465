// Jobs that step aside in the middle of their run.
#include "reference.h"

#include <algorithm>

namespace afterresume::simulation {

using jobs::OnFailure;
using jobs::State;

std::string Reference::wait(const Attempt& attempt, std::optional<Timestamp> until, Timestamp now) {
    if (!holds(attempt) || jobs_[attempt.place].cancel_requested) return "job.not_held";
    put_back(attempt, false, State::waiting, until.value_or(Timestamp::max()), now);
    return "waits";
}

std::string Reference::wait_for_jobs(const Attempt& attempt, std::vector<Job> made, Timestamp now) {
    auto answer = wait(attempt, std::nullopt, now);
    if (answer != "waits") return answer;
    for (auto& job : made) {
        auto place = enqueue(std::move(job), now);
        jobs_[attempt.place].parents.push_back({place, OnFailure::resume});
    }
    return answer;
}

std::string Reference::wait_for_call(
    const Attempt& attempt, const std::string& name, Timestamp until, Timestamp now
) {
    auto known = jobs_[attempt.place].steps.contains(name);
    if (!known || !holds(attempt) || jobs_[attempt.place].cancel_requested)
        return wait(attempt, until, now);
    return "was called before";
}

// Whoever waits for nothing else goes on, whatever it waits for.
bool Reference::call_back(Place place, const std::string& name, Timestamp now) {
    auto& job = jobs_[place];
    if (!job.state || !job.steps.insert(name).second) return false;
    if (job.state == State::waiting && std::ranges::all_of(job.parents, &Parent::met)) {
        job.state = State::ready;
        job.run_at = now;
    }
    return true;
}

}  // namespace afterresume::simulation
