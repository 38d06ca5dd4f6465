#include "api/limit_buckets.h"

#include <gtest/gtest.h>

namespace afterresume::api {
namespace {

using namespace std::chrono_literals;

constexpr Limit two_a_second_three_at_once{2, 3};

class LimitBuckets : public testing::Test {
protected:
    Allowance take(const std::string& name, Bucket::Time now) {
        auto& bucket = buckets.open(name, two_a_second_three_at_once, now).second;
        auto allowed = bucket.has_room();
        if (allowed) bucket.fill(1);
        return bucket.allowance(allowed);
    }

    const Bucket::Time start{1h};
    Buckets buckets;
};

TEST_F(LimitBuckets, GiveTheBurstAndThenTheRate) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(take("u1", start).allowed);

    auto refused = take("u1", start);
    auto later = take("u1", start + 500ms);

    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.remaining, 0);
    EXPECT_EQ(refused.reset, 1);
    EXPECT_TRUE(later.allowed);
    EXPECT_FALSE(take("u1", start + 500ms).allowed);
}

TEST_F(LimitBuckets, AreCountedEachByItself) {
    for (int i = 0; i < 4; ++i) take("u1", start);

    EXPECT_TRUE(take("u2", start).allowed);
}

TEST_F(LimitBuckets, NeverSaveUpMoreThanTheBurst) {
    take("u1", start);

    auto much_later = take("u1", start + 1h);

    EXPECT_EQ(much_later.limit, 3);
    EXPECT_EQ(much_later.remaining, 2);
    EXPECT_EQ(much_later.reset, 1);
}

TEST_F(LimitBuckets, TellHowLongItTakesUntilADebtIsPaid) {
    take("u1", start);
    buckets.find("u1")->second.fill(6);

    auto refused = take("u1", start);

    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.reset, 3);
}

TEST_F(LimitBuckets, FollowALimitThatChanges) {
    for (int i = 0; i < 3; ++i) take("u1", start);

    auto& wider = buckets.open("u1", Limit{2, 5}, start).second;

    EXPECT_TRUE(wider.has_room());
    EXPECT_EQ(wider.allowance(true).remaining, 2);
}

TEST_F(LimitBuckets, AreForgottenBeforeTheyTakeAllMemory) {
    buckets.open("asked about", two_a_second_three_at_once, start).second.rounds = 1;
    for (int i = 0; i < 250'000; ++i) take(std::to_string(i), start);

    int kept = 0;
    for (int i = 0; i < 250'000; ++i) kept += buckets.find(std::to_string(i)) != nullptr ? 1 : 0;

    EXPECT_EQ(kept, 199'999);
    EXPECT_NE(buckets.find("asked about"), nullptr);
}

}  // namespace
}  // namespace afterresume::api
