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

Task<void> pause_before_next(const StepPlan& plan, std::int64_t tried, Error failure) {
    if (!jobs::may_pass(failure.kind()) || tried >= plan.tries) throw failure;
    auto pause = jobs::backoff_delay(plan.backoff, tried, chance());
    if (failure.retry_after())
        pause = std::max<std::chrono::milliseconds>(
            pause, std::chrono::seconds(*failure.retry_after())
        );
    if (pause > longest_pause) throw failure;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace afterresume::orchestration
