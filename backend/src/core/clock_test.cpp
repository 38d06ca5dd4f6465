#include "core/clock.h"

#include "core/error.h"

#include <gtest/gtest.h>

namespace afterresume {
namespace {

TEST(Clock, ReadsAndWritesInstantsWithOffsets) {
    auto utc = parse_timestamp("2026-03-01T09:30:00.25Z");
    auto east = parse_timestamp("2026-03-01T11:30:00.250999+02:00");

    ASSERT_TRUE(utc && east);
    EXPECT_EQ(to_text(*utc), "2026-03-01T09:30:00.250Z");
    EXPECT_EQ(*utc, *east);
}

TEST(Clock, RefusesWhatIsNoInstantOrNoDay) {
    for (auto text :
         {"2026-03-01", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:00:00",
          "2026-03-01T00:00:00.Z"}) {
        EXPECT_FALSE(parse_timestamp(text)) << text;
    }
    for (auto text : {"2026-02-29", "0000-01-01", "2026-1-01", "2026-01-01x", "2026-01-3a"})
        EXPECT_FALSE(LocalDate::parse(text)) << text;
}

TEST(Clock, KnowsTheLocalDateOnBothSidesOfMidnight) {
    auto late = *parse_timestamp("2026-03-28T23:30:00Z");

    EXPECT_EQ(local_date(late, "UTC").text(), "2026-03-28");
    EXPECT_EQ(local_date(late, "Europe/Berlin").text(), "2026-03-29");
    EXPECT_EQ(local_date(late, "America/New_York").text(), "2026-03-28");
    EXPECT_THROW(local_date(late, "Mars/Olympus"), Error);
}

}  // namespace
}  // namespace afterresume
