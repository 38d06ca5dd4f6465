#include "engine/orchestration/time_limit.h"

#include <gtest/gtest.h>

namespace afterresume::orchestration {
namespace {

using namespace std::chrono_literals;

class TimeLimitTest : public testing::Test {
protected:
    void begin(Task<void> task) {
        boost::asio::co_spawn(io, std::move(task), [this](const std::exception_ptr& failure) {
            over = true;
            if (failure) stopped = why(failure);
        });
        io.poll();
    }
    static std::optional<Stopped::Reason> why(const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const Stopped& caught) {
            return caught.reason;
        } catch (...) {
            return std::nullopt;
        }
    }
    Task<int> never() {
        boost::asio::steady_timer timer(io, 24h);
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return 1;
    }
    Task<void> wait_for_nothing() { co_await within<int>(0ms, signals, never()); }

    boost::asio::io_context io;
    Signals signals{io};
    bool over = false;
    std::optional<Stopped::Reason> stopped;
};

TEST_F(TimeLimitTest, BreaksATaskOffAsSoonAsItsAttemptIsToldToStop) {
    begin(wait_for_nothing());

    signals.cancel();
    io.poll();

    EXPECT_TRUE(over);
    EXPECT_EQ(stopped, Stopped::Reason::cancelled);
}

TEST_F(TimeLimitTest, BreaksATaskOffThatBeginsAfterThat) {
    signals.abandon();

    begin(wait_for_nothing());

    EXPECT_TRUE(over);
    EXPECT_EQ(stopped, Stopped::Reason::authority_lost);
}

TEST_F(TimeLimitTest, EndsAPauseAsSoonAsTheAttemptIsToldToStop) {
    begin(pause(24h, signals));

    signals.cancel();
    io.poll();

    EXPECT_TRUE(over);
}

TEST_F(TimeLimitTest, WritesNothingOfAJobThatIsSomebodyElsesThoughItWasCancelled) {
    signals.abandon();

    signals.cancel();

    EXPECT_TRUE(signals.abandoned());
}

}  // namespace
}  // namespace afterresume::orchestration
