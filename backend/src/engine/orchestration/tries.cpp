#include "engine/orchestration/tries.h"

#include "engine/jobs/backoff.h"

#include <random>

namespace afterresume::orchestration {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds longest_pause = 30s;

double chance() {
    static thread_local std::minstd_rand random(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

Task<void> pause_before_next(
    const StepPlan& plan, std::int64_t tried, Error failure, Signals& signals
) {
    if (!jobs::may_pass(failure.kind()) || tried >= plan.tries) throw failure;
    auto wait = jobs::backoff_delay(plan.backoff, tried, chance());
    if (failure.retry_after())
        wait = std::max<std::chrono::milliseconds>(
            wait, std::chrono::seconds(*failure.retry_after())
        );
    if (wait > longest_pause) throw failure;
    co_await pause(wait, signals);
}

}  // namespace afterresume::orchestration
