#include "engine/schedules/clock_watch.h"

#include <gtest/gtest.h>

namespace afterresume::schedules {
namespace {

using namespace std::chrono_literals;
using Verdict = ClockWatch::Verdict;

class ClockWatchTest : public testing::Test {
protected:
    // After real time has passed; `jump` moves both clocks.
    Verdict after(std::chrono::milliseconds passed, std::chrono::milliseconds jump = 0ms) {
        boot_ += passed;
        now_ += passed + jump;
        return watch_.look(now_, now_, boot_);
    }

    ClockWatch watch_;
    Timestamp now_{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};
    jobs::BootTime boot_{1h};
};

TEST_F(ClockWatchTest, BelievesAClockThatGoesOn) {
    EXPECT_EQ(after(0ms), Verdict::fine);
    EXPECT_EQ(after(15s), Verdict::fine);
    EXPECT_EQ(after(8h, 29s), Verdict::fine);
}

TEST_F(ClockWatchTest, BelievesNoneOfTwoClocksThatDiffer) {
    EXPECT_EQ(watch_.look(now_, now_ + 31s, boot_), Verdict::apart);
    EXPECT_EQ(watch_.look(now_ + 31s, now_, boot_), Verdict::apart);
    EXPECT_EQ(watch_.look(now_, now_ + 30s, boot_), Verdict::fine);
}

TEST_F(ClockWatchTest, WaitsWhetherAJumpAheadIsTakenBack) {
    after(0ms);

    EXPECT_EQ(after(1s, 24h), Verdict::jumped);
    EXPECT_EQ(after(4min), Verdict::jumped);
    EXPECT_EQ(after(1s, -24h), Verdict::fine);
}

TEST_F(ClockWatchTest, BelievesAJumpThatStays) {
    after(0ms);
    after(1s, 24h);

    EXPECT_EQ(after(5min), Verdict::fine);
    EXPECT_EQ(after(1s), Verdict::fine);
}

TEST_F(ClockWatchTest, GoesOnWhenTheClockIsPutBackAndForthAgain) {
    after(0ms);

    EXPECT_EQ(after(1s, -5min), Verdict::fine);
    EXPECT_EQ(after(1min, 5min), Verdict::fine);
}

}  // namespace
}  // namespace afterresume::schedules
