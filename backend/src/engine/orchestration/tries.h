// Work of a step, done now: within its time, and again where its trouble may pass.
#pragma once

#include "engine/orchestration/plan.h"
#include "engine/orchestration/surroundings.h"
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

// Waits before another try of the step; rethrows where there is none, or it would be too long to
// hold the slot.
Task<void> pause_before_next(
    const StepPlan& plan, std::int64_t tried, Error failure, Signals& signals
);

// `check` throws when the attempt may not go on: each try is looked at right before it, since
// whatever was awaited until then may have taken longer than the lease.
template <class Output, class Input, class Work, class Check>
Task<Output> tried(
    const StepPlan& plan, const Input& input, Work& work, StepCall& call, Signals& signals,
    Check check
) {
    for (std::int64_t tried = 1;; ++tried) {
        check();
        std::optional<Error> failure;
        try {
            if constexpr (std::is_invocable_v<Work&, const Input&, StepCall&>) {
                co_return co_await within<Output>(plan.time_limit, signals, work(input, call));
            } else {
                co_return co_await within<Output>(plan.time_limit, signals, work(input));
            }
        } catch (const Error& error) {
            failure = error;
        }
        co_await pause_before_next(plan, tried, std::move(*failure), signals);
    }
}

}  // namespace afterresume::orchestration
