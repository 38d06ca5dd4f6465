#include "ai/agents/skill_level.h"

#include <gmock/gmock.h>

namespace afterresume::agents {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::vector<SkillUse> daily(LocalDate from, int days, double confidence = 1, bool outcome = false) {
    std::vector<SkillUse> uses;
    for (int i = 0; i < days; ++i) uses.push_back({from.plus_days(i), confidence, outcome});
    return uses;
}

const LocalDate today(2026, 3, 1);

TEST(SkillLevel, IsZeroWithoutEvidence) {
    auto level = skill_level({}, today);

    EXPECT_EQ(level.level, 0);
    EXPECT_THAT(level.why, SizeIs(1));
}

TEST(SkillLevel, RisesWithDistinctDaysAndNotWithEntriesOfOneDay) {
    std::vector<SkillUse> crowded(40, SkillUse{today, 1, false});

    auto one_day = skill_level(crowded, today);
    auto many_days = skill_level(daily(today.plus_days(-39), 40), today);

    EXPECT_EQ(one_day.level, 1);
    EXPECT_GE(many_days.level, 3);
}

TEST(SkillLevel, HalvesTheWeightOfEvidenceAfterItsHalfLife) {
    auto fresh = skill_level({{today, 1, false}}, today);
    auto old = skill_level({{today.plus_days(-540), 1, false}}, today);

    EXPECT_NEAR(fresh.score, 1, 1e-9);
    EXPECT_NEAR(old.score, 0.5, 1e-9);
}

TEST(SkillLevel, CountsOutcomesMoreAndSaysSo) {
    auto plain = skill_level({{today, 1, false}}, today);
    auto proven = skill_level({{today, 1, true}}, today);

    EXPECT_NEAR(proven.score, 1.5 * plain.score, 1e-9);
    EXPECT_THAT(proven.why[1], HasSubstr("outcome"));
}

TEST(SkillLevel, AsksForSeveralMonthsBeforeTheHighestLevels) {
    auto burst = skill_level(daily(today.plus_days(-27), 28, 1, true), today);

    EXPECT_EQ(burst.level, 3);
    EXPECT_THAT(burst.why.back(), HasSubstr("different months"));
}

TEST(SkillLevel, TellsTheTrendByMonth) {
    auto level = skill_level(
        {{LocalDate(2026, 1, 3), 1, false},
         {LocalDate(2026, 1, 9), 1, false},
         {LocalDate(2026, 2, 1), 1, false}},
        today
    );

    ASSERT_THAT(level.trend, SizeIs(2));
    EXPECT_EQ(level.trend[0].month, "2026-01");
    EXPECT_EQ(level.trend[0].count, 2);
}

TEST(SkillLevel, TreatsAFutureDateAsToday) {
    auto level = skill_level({{today.plus_days(30), 1, false}}, today);

    EXPECT_NEAR(level.score, 1, 1e-9);
}

}  // namespace
}  // namespace afterresume::agents
