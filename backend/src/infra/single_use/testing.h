// Many uses of one secret at the same time, for the tests of every kind of secret.
#pragma once

#include "infra/sql/testing.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>
#include <functional>
#include <map>
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

inline Task<void> note_end(Task<void> attempt, Ends& ends, Barrier& all_ended) {
    std::string end = "done";
    try {
        co_await std::move(attempt);
    } catch (const Error& error) {
        end = error.code();
    }
    ends[end] += 1;
    co_await all_ended.arrive();
}

// `attempt(barrier)` so many times at once; each arrives at the barrier right before it uses the
// secret.
inline Ends at_once(
    sql::ScratchDatabase& home, const std::function<Task<void>(Barrier&)>& attempt
) {
    Ends ends;
    Barrier before(home.io(), many);
    Barrier after(home.io(), many);
    for (int i = 1; i < many; ++i) {
        boost::asio::co_spawn(
            home.io(), note_end(attempt(before), ends, after),
            [](std::exception_ptr failure) {
                if (failure) std::rethrow_exception(failure);
            }
        );
    }
    home.run(note_end(attempt(before), ends, after));
    return ends;
}

}  // namespace afterresume::single_use
