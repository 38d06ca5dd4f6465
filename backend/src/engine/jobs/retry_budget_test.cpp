#include "engine/jobs/retry_budget.h"

#include <gtest/gtest.h>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;

class RetryBudgetTest : public testing::Test {
protected:
    void attempt(int times, TenantId tenant, const std::string& provider = "") {
        for (int i = 0; i < times; ++i) budget.earn(tenant, provider, now);
    }
    // How many retries are granted before one is refused.
    int granted(TenantId tenant, const std::string& provider = "") {
        int count = 0;
        while (budget.spend(tenant, provider, now)) ++count;
        return count;
    }

    const TenantId ada{1};
    const TenantId bob{2};
    Timestamp now{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};
    RetryBudget budget;
};

TEST_F(RetryBudgetTest, HasAReserveToBeginWith) { EXPECT_EQ(granted(ada), 10); }

TEST_F(RetryBudgetTest, GrantsARetryForTenAttemptsAfterThat) {
    granted(ada);

    attempt(205, ada);

    EXPECT_EQ(granted(ada), 20);
}

TEST_F(RetryBudgetTest, SavesNoMoreThanAHundred) {
    attempt(100'000, ada);

    EXPECT_EQ(granted(ada), 100);
}

TEST_F(RetryBudgetTest, GetsItsReserveBackWithinAMinuteAndNoMore) {
    granted(ada);

    now += 30s;
    auto at_once = granted(ada);
    now += 1h;

    EXPECT_EQ(at_once, 5);
    EXPECT_EQ(granted(ada), 10);
}

TEST_F(RetryBudgetTest, IsEachTenantsOwn) {
    granted(ada);

    EXPECT_EQ(granted(bob), 10);
}

TEST_F(RetryBudgetTest, IsOneForAllWhoAskTheSameProvider) {
    granted(ada, "mail");

    EXPECT_EQ(granted(bob, "mail"), 0);
    EXPECT_EQ(granted(bob, "model"), 10);
}

TEST_F(RetryBudgetTest, TakesNothingFromTheProviderForATenantThatHasNoneLeft) {
    granted(ada);

    granted(ada, "mail");

    EXPECT_EQ(granted(bob, "mail"), 10);
}

TEST_F(RetryBudgetTest, TakesNothingFromTheTenantForAProviderThatHasNoneLeft) {
    granted(ada, "mail");

    granted(bob, "mail");

    EXPECT_EQ(granted(bob), 10);
}

TEST_F(RetryBudgetTest, IsNotMovedByAClockThatGoesBack) {
    granted(ada);

    now -= 1h;

    EXPECT_EQ(granted(ada), 0);
}

}  // namespace
}  // namespace afterresume::jobs
