#include "core/work_pool.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace afterresume {
namespace {

class WorkPoolTest : public testing::Test {
protected:
    // Ends when it may.
    Task<void> work() {
        answer = co_await pool.run([this] {
            begun.set_value();
            may_end.get_future().wait();
            return 7;
        });
        back_on = std::this_thread::get_id();
    }

    boost::asio::io_context io;
    WorkPool pool{1};
    std::promise<void> begun;
    std::promise<void> may_end;
    int answer = 0;
    std::thread::id back_on;
};

TEST_F(WorkPoolTest, BringsHomeWhatWasUnderWayWhenItsCallerWasCancelled) {
    boost::asio::cancellation_signal cancelled;
    boost::asio::co_spawn(
        io, work(),
        boost::asio::bind_cancellation_slot(cancelled.slot(), [](const std::exception_ptr&) {})
    );
    io.poll();
    begun.get_future().wait();

    cancelled.emit(boost::asio::cancellation_type::terminal);
    io.poll();
    may_end.set_value();
    io.run();

    EXPECT_EQ(answer, 7);
    EXPECT_EQ(back_on, std::this_thread::get_id());
}

}  // namespace
}  // namespace afterresume
