// For answers that must not tell by their time whether somebody is there: all take at least as long
// as the longest way to them.
#pragma once

#include "core/task.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::accounts {

class EqualTime {
public:
    // Begins now. A tenth of a second is more than hashing a password and a write take, unless
    // there is a queue, which all wait in alike.
    explicit EqualTime(const boost::asio::any_io_executor& executor)
        : timer_(executor, std::chrono::milliseconds(100)) {}

    Task<void> pass() { co_await timer_.async_wait(boost::asio::use_awaitable); }

private:
    boost::asio::steady_timer timer_;
};

}  // namespace afterresume::accounts
