// A task that may take so long and no longer, and no longer than its attempt may go on.
#pragma once

#include "core/error.h"
#include "core/task.h"
#include "engine/orchestration/surroundings.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace afterresume::orchestration {

// Past the limit, or once the attempt is told to stop, the task is cancelled where it awaits. When
// it has ended this throws Error(unavailable, "job.step_timed_out"), or Stopped. No limit when
// zero.
template <class T>
Task<T> within(std::chrono::milliseconds limit, Signals& signals, Task<T> task) {
    namespace asio = boost::asio;
    using Time = asio::steady_timer::time_point;
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, Time::max());
    if (limit.count() > 0) timer.expires_after(limit);
    auto [order, failure, value, timed_out, told] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor, std::move(task), asio::deferred),
            timer.async_wait(asio::deferred), signals.wait()
        )
            .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    signals.check();
    if (order[0] == 1) {
        throw Error(
            ErrorKind::unavailable, "job.step_timed_out", "A step took longer than it may."
        );
    }
    if (failure) std::rethrow_exception(failure);
    co_return std::move(value);
}

// So long, or until the attempt is told to stop.
Task<void> pause(std::chrono::milliseconds time, Signals& signals);

}  // namespace afterresume::orchestration
