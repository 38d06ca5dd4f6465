#include "engine/orchestration/time_limit.h"

namespace afterresume::orchestration {

Task<void> pause(std::chrono::milliseconds time, Signals& signals) {
    namespace asio = boost::asio;
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await asio::experimental::make_parallel_group(
        timer.async_wait(asio::deferred), signals.wait()
    )
        .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
}

}  // namespace afterresume::orchestration
