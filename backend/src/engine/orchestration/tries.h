// Work of a step, done now: within its time, and again where its trouble may pass. Owned by the
// steps, beside the checkpoints.
#pragma once

#include "engine/orchestration/checkpoints.h"
#include "engine/orchestration/time_limit.h"

#include <optional>
#include <string>

namespace afterresume::orchestration {

// What work that may cost something is given besides its input.
struct StepCall {
    // The same whenever this step of this job is tried: for calls that know such keys.
    const std::string idempotency_key;
    // Micro-units spent; the work adds to it.
    std::int64_t cost = 0;
};

class Tries {
public:
    Tries(Checkpoints& checkpoints, Surroundings surroundings, const jobs::Claimed& job)
        : checkpoints_(checkpoints), surroundings_(surroundings), job_(job) {}

    // What the work gives; throws what the last try threw, or Stopped. Each try is looked at right
    // before it, since whatever was awaited until then may have taken longer than the lease.
    template <class Output, class Input, class Work>
    Task<Output> make(const Part& part, const Input& input, Work& work, StepCall& call) {
        auto limit = part.plan->time_limit;
        for (std::int64_t tried = 1;; ++tried) {
            checkpoints_.check();
            std::optional<Error> failure;
            try {
                if constexpr (std::is_invocable_v<Work&, const Input&, StepCall&>) {
                    co_return co_await within<Output>(
                        limit, checkpoints_.signals(), work(input, call)
                    );
                } else {
                    co_return co_await within<Output>(limit, checkpoints_.signals(), work(input));
                }
            } catch (const Error& error) {
                failure = error;
            }
            co_await prepare_next(part, tried, std::move(*failure));
        }
    }

private:
    // Tells that the try failed, and waits before another; rethrows where there is none.
    Task<void> prepare_next(const Part& part, std::int64_t tried, Error failure);
    // Nothing where the step is not tried again: its plan says so, it would be too long to hold the
    // slot, or too much is tried again already.
    std::optional<std::chrono::milliseconds> pause_after(
        const StepPlan& plan, std::int64_t tried, const Error& failure
    );

    Checkpoints& checkpoints_;
    Surroundings surroundings_;
    const jobs::Claimed& job_;
};

}  // namespace afterresume::orchestration
