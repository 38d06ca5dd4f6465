#include "engine/orchestration/tries.h"

#include "engine/jobs/backoff.h"

#include <algorithm>
#include <random>

namespace afterresume::orchestration {

namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
constexpr milliseconds longest_pause = 30s;

double chance() {
    static thread_local std::minstd_rand random(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(random);
}

jobs::NewEvent failed_event(
    const std::string& step, std::int64_t tried, const Error& failure,
    std::optional<milliseconds> wait, Timestamp now
) {
    JsonObject data{
        {"event", wait ? "step_retry" : "step_failed"},
        {"step", step},
        {"attempt", tried},
        {"code", failure.code()}
    };
    if (wait) data["wait_ms"] = wait->count();
    auto message = wait ? fmt::format("Will try the step {} again: {}", step, failure.what())
                        : fmt::format("The step {} failed: {}", step, failure.what());
    return {now, jobs::Level::warning, jobs::Source::workflow, std::move(message), std::move(data)};
}

}  // namespace

Task<void> Tries::prepare_next(const Part& part, std::int64_t tried, Error failure) {
    auto wait = pause_after(*part.plan, tried, failure);
    co_await checkpoints_.fenced([&](sql::Tx& tx) -> Task<void> {
        jobs::append_event(
            tx, job_.tenant_id, job_.id,
            failed_event(part.name, tried, failure, wait, surroundings_.clock.now())
        );
        co_return;
    });
    if (!wait) throw failure;
    co_await pause(*wait, checkpoints_.signals());
}

std::optional<milliseconds> Tries::pause_after(
    const StepPlan& plan, std::int64_t tried, const Error& failure
) {
    if (!jobs::may_pass(failure.kind()) || tried >= plan.tries) return std::nullopt;
    auto wait = jobs::backoff_delay(plan.backoff, tried, chance());
    if (failure.retry_after())
        wait = std::max<milliseconds>(wait, std::chrono::seconds(*failure.retry_after()));
    if (wait > longest_pause) return std::nullopt;
    auto now = surroundings_.clock.now();
    if (!surroundings_.retries.spend(job_.tenant_id, surroundings_.type.provider, now))
        return std::nullopt;
    return wait;
}

}  // namespace afterresume::orchestration
