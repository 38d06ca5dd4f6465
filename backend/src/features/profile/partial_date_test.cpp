#include "features/profile/partial_date.h"

#include <gtest/gtest.h>

namespace afterresume::profile {
namespace {

TEST(PartialDate, OfAYearMeansAnyDayOfIt) {
    auto date = PartialDate::parse("2014").value();

    EXPECT_EQ(date.text(), "2014");
    EXPECT_EQ(date.first_day(), LocalDate(2014, 1, 1));
    EXPECT_EQ(date.last_day(), LocalDate(2014, 12, 31));
}

TEST(PartialDate, OfAMonthEndsWithItsLastDay) {
    auto date = PartialDate::parse("2024-02").value();

    EXPECT_EQ(date.first_day(), LocalDate(2024, 2, 1));
    EXPECT_EQ(date.last_day(), LocalDate(2024, 2, 29));
}

TEST(PartialDate, OfADayIsThatDay) {
    auto date = PartialDate::parse("2014-06-29").value();

    EXPECT_EQ(date.first_day(), LocalDate(2014, 6, 29));
    EXPECT_EQ(date.last_day(), LocalDate(2014, 6, 29));
}

class NoPartialDate : public testing::TestWithParam<const char*> {};

TEST_P(NoPartialDate, IsRefused) { EXPECT_FALSE(PartialDate::parse(GetParam())); }

INSTANTIATE_TEST_SUITE_P(
    Texts, NoPartialDate,
    testing::Values(
        "", "14", "201", "20144", "2014-", "2014-6", "2014-13", "2014-00", "2014-02-30",
        "2014-06-291", "2014/06", "0999", "3000", "today", "２０１４"
    )
);

}  // namespace
}  // namespace afterresume::profile
