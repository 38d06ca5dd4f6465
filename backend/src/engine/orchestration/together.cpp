#include "engine/orchestration/together.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace afterresume::orchestration {

namespace asio = boost::asio;

namespace {

struct Lanes {
    std::function<Task<void>(std::size_t)> make;
    std::size_t count;
    std::size_t next = 0;
    std::size_t open = 0;
    std::exception_ptr failure = nullptr;
};

Task<void> drive(Lanes& lanes) {
    while (lanes.next < lanes.count && !lanes.failure) co_await lanes.make(lanes.next++);
}

}  // namespace

Task<void> for_all(
    std::size_t count, std::size_t at_once, std::function<Task<void>(std::size_t)> make
) {
    auto executor = co_await asio::this_coro::executor;
    Lanes lanes{std::move(make), count};
    asio::steady_timer over(executor, asio::steady_timer::time_point::max());
    lanes.open = std::min(count, at_once);
    for (auto left = lanes.open; left > 0; --left) {
        asio::co_spawn(executor, drive(lanes), [&lanes, &over](std::exception_ptr failure) {
            if (!lanes.failure) lanes.failure = failure;
            if (--lanes.open == 0) over.cancel();
        });
    }
    boost::system::error_code cancelled;
    if (lanes.open > 0)
        co_await over.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (lanes.failure) std::rethrow_exception(lanes.failure);
}

}  // namespace afterresume::orchestration
