// Many uses of one secret at the same time, for the tests of every kind of secret.
#pragma once

#include "infra/sql/testing.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

namespace afterresume::single_use {

// At the same time.
inline constexpr int many = 64;

// SINGLE_USE_ROUNDS; 20 when it is not set.
inline int rounds() {
    const auto* wanted = std::getenv("SINGLE_USE_ROUNDS");
    return wanted != nullptr ? std::max(1, std::atoi(wanted)) : 20;
}

// A place where as many wait for each other as it was made for. When all have come, they go on.
class Barrier {
public:
    Barrier(boost::asio::io_context& io, int count)
        : timer_(io, boost::asio::steady_timer::time_point::max()), missing_(count) {}

    Task<void> arrive() {
        if (--missing_ == 0) timer_.cancel();
        if (missing_ <= 0) co_return;
        boost::system::error_code cancelled;
        co_await timer_.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, cancelled)
        );
    }

private:
    boost::asio::steady_timer timer_;
    int missing_;
};

// How often each end was met: codes of errors, and "done".
using Ends = std::map<std::string, int>;

inline Task<void> note_end(Task<void> attempt, Ends& ends) {
    std::string end = "done";
    try {
        co_await std::move(attempt);
    } catch (const Error& error) {
        end = error.code();
    }
    ends[end] += 1;
}

// `attempt(barrier)` so many times at once; each arrives at the barrier right before it uses the
// secret.
inline Ends at_once(
    boost::asio::io_context& io, const std::function<Task<void>(Barrier&)>& attempt
) {
    Ends ends;
    Barrier barrier(io, many);
    int missing = many;
    for (int i = 0; i < many; ++i) {
        boost::asio::co_spawn(
            io, note_end(attempt(barrier), ends),
            [&](std::exception_ptr failure) {
                if (failure) std::rethrow_exception(failure);
                --missing;
            }
        );
    }
    auto guard = boost::asio::make_work_guard(io);
    io.restart();
    while (missing > 0) {
        if (io.run_one_for(std::chrono::minutes(1)) == 0)
            throw std::logic_error("what was to be done at once waits for nothing");
    }
    return ends;
}
inline Ends at_once(
    sql::ScratchDatabase& home, const std::function<Task<void>(Barrier&)>& attempt
) {
    return at_once(home.io(), attempt);
}

}  // namespace afterresume::single_use
