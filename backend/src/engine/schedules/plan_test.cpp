#include "engine/schedules/plan.h"

#include <gmock/gmock.h>

namespace afterresume::schedules {
namespace {

using namespace std::chrono_literals;

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

class PlanTest : public testing::Test {
protected:
    Plan due(Missed policy, std::string_view slot, std::string_view now) {
        return plan(Cron::parse(cron), "UTC", policy, at(slot), at(now));
    }

    std::string cron = "@hourly";
};

TEST_F(PlanTest, FiresASlotThatHasJustComeDue) {
    for (auto policy : {Missed::skip, Missed::once, Missed::backfill}) {
        auto what = due(policy, "2026-03-01T09:00:00Z", "2026-03-01T09:00:00.250Z");

        EXPECT_EQ(what.fire, at("2026-03-01T09:00:00Z"));
        EXPECT_EQ(what.next, at("2026-03-01T10:00:00Z"));
        EXPECT_EQ(what.missed, 0);
    }
}

TEST_F(PlanTest, LeavesWhatWasMissedWhenToldToSkipIt) {
    auto what = due(Missed::skip, "2026-03-01T03:00:00Z", "2026-03-01T09:30:00Z");

    EXPECT_FALSE(what.fire);
    EXPECT_EQ(what.first_missed, at("2026-03-01T03:00:00Z"));
    EXPECT_EQ(what.missed, 7);
    EXPECT_EQ(what.next, at("2026-03-01T10:00:00Z"));
}

TEST_F(PlanTest, StillFiresThePunctualSlotAfterMissedOnes) {
    auto what = due(Missed::skip, "2026-03-01T03:00:00Z", "2026-03-01T09:00:59.999Z");

    EXPECT_EQ(what.fire, at("2026-03-01T09:00:00Z"));
    EXPECT_EQ(what.missed, 6);
}

TEST_F(PlanTest, FiresTheLastOfWhatWasMissedOnce) {
    auto what = due(Missed::once, "2026-03-01T03:00:00Z", "2026-03-01T09:30:00Z");

    EXPECT_EQ(what.fire, at("2026-03-01T09:00:00Z"));
    EXPECT_EQ(what.first_missed, at("2026-03-01T03:00:00Z"));
    EXPECT_EQ(what.missed, 6);
    EXPECT_EQ(what.next, at("2026-03-01T10:00:00Z"));
}

TEST_F(PlanTest, MakesUpForEachSlotInOrder) {
    auto what = due(Missed::backfill, "2026-03-01T03:00:00Z", "2026-03-01T09:30:00Z");

    EXPECT_EQ(what.fire, at("2026-03-01T03:00:00Z"));
    EXPECT_EQ(what.missed, 0);
    EXPECT_EQ(what.next, at("2026-03-01T04:00:00Z"));
}

TEST_F(PlanTest, MakesUpForNoMoreThanTheBound) {
    auto what = due(Missed::backfill, "2026-03-01T00:00:00Z", "2026-03-03T00:30:00Z");

    EXPECT_EQ(what.missed, 49 - static_cast<std::int64_t>(most_backfilled));
    EXPECT_EQ(what.first_missed, at("2026-03-01T00:00:00Z"));
    EXPECT_EQ(what.fire, at("2026-03-02T01:00:00Z"));
    EXPECT_EQ(what.next, at("2026-03-02T02:00:00Z"));
}

TEST_F(PlanTest, LooksAtNoMoreSlotsAtOnceThanTheBound) {
    cron = "@every_minute";
    for (auto policy : {Missed::skip, Missed::once, Missed::backfill}) {
        auto what = due(policy, "2025-03-01T00:00:00Z", "2026-03-01T00:00:00Z");

        EXPECT_FALSE(what.fire);
        EXPECT_EQ(what.missed, static_cast<std::int64_t>(most_at_once));
        EXPECT_EQ(what.next, at("2025-03-01T00:00:00Z") + most_at_once * 1min);
    }
}

}  // namespace
}  // namespace afterresume::schedules
