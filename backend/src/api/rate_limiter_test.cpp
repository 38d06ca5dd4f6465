#include "api/rate_limiter.h"

#include <gtest/gtest.h>

namespace afterresume::api {
namespace {

using namespace std::chrono_literals;

constexpr Limit two_a_second_three_at_once{2, 3};

TEST(RateLimiter, GivesTheBurstAndThenTheRate) {
    RateLimiter limiter;
    RateLimiter::Time start{};
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(limiter.take("u1", two_a_second_three_at_once, start).allowed);

    auto refused = limiter.take("u1", two_a_second_three_at_once, start);
    auto later = limiter.take("u1", two_a_second_three_at_once, start + 500ms);

    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.remaining, 0);
    EXPECT_EQ(refused.reset, 1);
    EXPECT_TRUE(later.allowed);
    EXPECT_FALSE(limiter.take("u1", two_a_second_three_at_once, start + 500ms).allowed);
}

TEST(RateLimiter, CountsEachBucketByItself) {
    RateLimiter limiter;
    RateLimiter::Time start{};
    for (int i = 0; i < 4; ++i) limiter.take("u1", two_a_second_three_at_once, start);

    EXPECT_TRUE(limiter.take("u2", two_a_second_three_at_once, start).allowed);
}

TEST(RateLimiter, TakesBackWhatWasNotMeant) {
    RateLimiter limiter;
    RateLimiter::Time start{};
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(limiter.take("u1", two_a_second_three_at_once, start).allowed);
        limiter.give_back("u1");
    }
    limiter.give_back("u1");
    limiter.give_back("unknown");

    EXPECT_EQ(limiter.take("u1", two_a_second_three_at_once, start).remaining, 2);
}

TEST(RateLimiter, NeverSavesUpMoreThanTheBurst) {
    RateLimiter limiter;
    RateLimiter::Time start{};
    limiter.take("u1", two_a_second_three_at_once, start);

    auto much_later = limiter.take("u1", two_a_second_three_at_once, start + 1h);

    EXPECT_EQ(much_later.limit, 3);
    EXPECT_EQ(much_later.remaining, 2);
}

}  // namespace
}  // namespace afterresume::api
