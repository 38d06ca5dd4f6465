// A task that may take so long and no longer.
#pragma once

#include "core/error.h"
#include "core/task.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace afterresume::orchestration {

// Past the limit the task is cancelled where it awaits, and once it has ended this throws
// Error(unavailable, "job.step_timed_out"). No limit when zero.
template <class T>
Task<T> within(std::chrono::milliseconds limit, Task<T> task) {
    namespace asio = boost::asio;
    if (limit.count() == 0) co_return co_await std::move(task);
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, limit);
    auto [order, failure, value, ignored] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor, std::move(task), asio::deferred),
            timer.async_wait(asio::deferred)
        )
            .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 1) {
        throw Error(
            ErrorKind::unavailable, "job.step_timed_out", "A step took longer than it may."
        );
    }
    if (failure) std::rethrow_exception(failure);
    co_return std::move(value);
}

}  // namespace afterresume::orchestration
