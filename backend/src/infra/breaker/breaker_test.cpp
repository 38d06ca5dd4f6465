#include "infra/breaker/breaker.h"

#include <gtest/gtest.h>

namespace afterresume::breaker {
namespace {

using namespace std::chrono_literals;

class BreakerTest : public testing::Test {
protected:
    void fail(int times) {
        for (int i = 0; i < times; ++i) breaker.failed(now);
    }

    Breaker breaker{{3, 500ms, 2s}};
    Breaker::Time now{1h};
};

TEST_F(BreakerTest, LetsEverybodyThroughUntilFailuresFollowOneAnother) {
    fail(2);
    breaker.succeeded();
    fail(2);

    EXPECT_TRUE(breaker.allows(now));
    EXPECT_FALSE(breaker.open(now));
}

TEST_F(BreakerTest, LetsNobodyThroughForAWhileThenOne) {
    fail(3);

    EXPECT_FALSE(breaker.allows(now + 499ms));
    EXPECT_TRUE(breaker.allows(now + 500ms));
    EXPECT_FALSE(breaker.allows(now + 500ms));
}

TEST_F(BreakerTest, WaitsLongerEachTimeUpToABound) {
    fail(3);
    for (auto pause : {500ms, 1000ms, 2000ms, 2000ms}) {
        EXPECT_FALSE(breaker.allows(now + pause - 1ms));
        now += pause;
        EXPECT_TRUE(breaker.allows(now));
        breaker.failed(now);
    }
}

TEST_F(BreakerTest, ClosesWhenTheOneWhoTriedSucceeds) {
    fail(3);
    now += 500ms;
    breaker.allows(now);
    breaker.succeeded();

    EXPECT_TRUE(breaker.allows(now));
    EXPECT_TRUE(breaker.allows(now));
}

}  // namespace
}  // namespace afterresume::breaker
