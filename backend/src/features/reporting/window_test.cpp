#include "features/reporting/window.h"

#include "core/error.h"

#include <gtest/gtest.h>

namespace afterresume::reporting {
namespace {

struct Row {
    const char* name;
    Kind kind;
    WantedWindow wanted;
    LocalDate today;
    Window window;
};

constexpr auto nothing = std::nullopt;

class WindowOf : public testing::TestWithParam<Row> {};

TEST_P(WindowOf, IsAsTheKindAndTheCallerSay) {
    const auto& row = GetParam();

    auto window = window_of(row.kind, row.wanted, row.today);

    EXPECT_EQ(window.from.text(), row.window.from.text());
    EXPECT_EQ(window.to.text(), row.window.to.text());
}

INSTANTIATE_TEST_SUITE_P(
    Windows, WindowOf,
    testing::Values(
        Row{"StandupOnTuesday", Kind::standup, {}, {2026, 3, 3}, {{2026, 3, 2}, {2026, 3, 2}}},
        Row{"StandupOnMonday", Kind::standup, {}, {2026, 3, 2}, {{2026, 2, 27}, {2026, 2, 27}}},
        Row{"StandupOnSunday", Kind::standup, {}, {2026, 3, 1}, {{2026, 2, 27}, {2026, 2, 27}}},
        Row{"StandupOnSaturday", Kind::standup, {}, {2026, 2, 28}, {{2026, 2, 27}, {2026, 2, 27}}},
        Row{"Status", Kind::status, {}, {2026, 3, 3}, {{2026, 2, 25}, {2026, 3, 3}}},
        Row{"Weekly", Kind::weekly, {}, {2026, 1, 3}, {{2025, 12, 28}, {2026, 1, 3}}},
        Row{"MonthlyInJanuary", Kind::monthly, {}, {2026, 1, 31}, {{2025, 12, 1}, {2025, 12, 31}}},
        Row{"MonthlyAfterALeapDay", Kind::monthly, {}, {2028, 3, 1}, {{2028, 2, 1}, {2028, 2, 29}}},
        Row{"Summary", Kind::summary, {}, {2026, 3, 30}, {{2026, 3, 1}, {2026, 3, 30}}},
        Row{"SelfReview", Kind::self_review, {}, {2026, 3, 1}, {{2025, 3, 2}, {2026, 3, 1}}},
        Row{"DaysBackFromToday",
            Kind::standup,
            {nothing, nothing, 14},
            {2026, 3, 14},
            {{2026, 3, 1}, {2026, 3, 14}}},
        Row{"DaysBackFromTo",
            Kind::status,
            {nothing, LocalDate(2026, 1, 31), 31},
            {2026, 3, 1},
            {{2026, 1, 1}, {2026, 1, 31}}},
        Row{"FromUpToToday",
            Kind::monthly,
            {LocalDate(2026, 2, 10), nothing, nothing},
            {2026, 3, 1},
            {{2026, 2, 10}, {2026, 3, 1}}},
        Row{"ToWithTheUsualDays",
            Kind::weekly,
            {nothing, LocalDate(2026, 2, 10), nothing},
            {2026, 3, 1},
            {{2026, 2, 4}, {2026, 2, 10}}},
        Row{"BothEnds",
            Kind::standup,
            {LocalDate(2025, 1, 1), LocalDate(2025, 12, 31), nothing},
            {2026, 3, 1},
            {{2025, 1, 1}, {2025, 12, 31}}}
    ),
    [](const auto& row) { return std::string(row.param.name); }
);

std::string refused_field(WantedWindow wanted) {
    try {
        window_of(Kind::status, wanted, LocalDate(2026, 3, 1));
    } catch (const Error& error) {
        return error.fields().at(0).pointer;
    }
    return "none";
}

TEST(Window, IsRefusedWhenItContradictsItself) {
    EXPECT_EQ(refused_field({LocalDate(2026, 1, 1), nothing, 7}), "/window_days");
    EXPECT_EQ(refused_field({LocalDate(2026, 3, 2), nothing, nothing}), "/from");
    EXPECT_EQ(refused_field({LocalDate(2000, 1, 1), nothing, nothing}), "/from");
    EXPECT_EQ(refused_field({nothing, nothing, 0}), "/window_days");
    EXPECT_EQ(refused_field({nothing, nothing, INT64_MAX}), "/window_days");
    EXPECT_EQ(refused_field({nothing, LocalDate(1, 1, 1), nothing}), "/to");
}

}  // namespace
}  // namespace afterresume::reporting
