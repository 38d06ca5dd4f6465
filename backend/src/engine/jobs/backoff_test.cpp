#include "engine/jobs/backoff.h"

#include <gtest/gtest.h>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;

TEST(BackoffDelay, DoublesItsCeilingWithEachAttempt) {
    Backoff backoff{5s, 10min};

    EXPECT_EQ(backoff_delay(backoff, 1, 0.5), 2500ms);
    EXPECT_EQ(backoff_delay(backoff, 2, 0.5), 5s);
    EXPECT_EQ(backoff_delay(backoff, 4, 0.5), 20s);
}

TEST(BackoffDelay, NeverExceedsTheCapHoweverOftenAJobFailed) {
    Backoff backoff{5s, 10min};

    EXPECT_LT(backoff_delay(backoff, 1'000'000, 0.999), 10min);
    EXPECT_GT(backoff_delay(backoff, 1'000'000, 0.999), 9min);
}

TEST(LongestDelay, IsTheLaterHalfOfTheCap) {
    EXPECT_EQ(longest_delay({5s, 20min}, 0.0), 10min);
    EXPECT_EQ(longest_delay({5s, 20min}, 0.5), 15min);
}

TEST(BackoffDelay, MayBeNothingAtAll) { EXPECT_EQ(backoff_delay(Backoff{}, 3, 0.0), 0ms); }

}  // namespace
}  // namespace afterresume::jobs
