// Runs one task to its end, for what waits for it before anything is served.
#pragma once

#include "core/task.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace afterresume::app {

template <class T>
T run_task(boost::asio::io_context& io, Task<T> task) {
    std::exception_ptr failure;
    std::optional<T> value;
    auto guard = boost::asio::make_work_guard(io);
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T result) {
        failure = error;
        value.emplace(std::move(result));
        io.stop();
    });
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
}

}  // namespace afterresume::app
