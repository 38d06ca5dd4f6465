#include "engine/schedules/cron.h"

#include "core/error.h"

#include <gmock/gmock.h>

namespace afterresume::schedules {
namespace {

using testing::HasSubstr;

struct Refused {
    std::string sentence;
    std::string text;
    std::string code;
    std::string says;
};
void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.sentence; }

class RefusedCron : public testing::TestWithParam<Refused> {};

TEST_P(RefusedCron, SaysWhichFieldIsWrongAndWhatItTakes) {
    const auto& refused = GetParam();
    try {
        Cron::parse(refused.text);
        FAIL() << refused.text << " was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid);
        EXPECT_EQ(error.code(), refused.code);
        EXPECT_THAT(error.what(), HasSubstr(refused.says));
        ASSERT_EQ(error.fields().size(), 1U);
        EXPECT_EQ(error.fields().front().pointer, "/cron");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, RefusedCron,
    testing::Values(
        Refused{"nothing", "", "schedule.bad_cron", "this one has 0"},
        Refused{"four fields", "* * * *", "schedule.bad_cron", "five fields"},
        Refused{"six fields", "0 * * * * *", "schedule.bad_cron", "this one has 6"},
        Refused{"another word", "@yearly", "schedule.bad_cron", "@monthly and @every_minute"},
        Refused{"a word in capitals", "@DAILY", "schedule.bad_cron", "There is no @DAILY"},
        Refused{"a word with more", "@daily *", "schedule.bad_cron", "this one has 2"},
        Refused{"minute 60", "60 * * * *", "schedule.bad_cron", "The minute field: \"60\" is out"},
        Refused{"hour 24", "0 24 * * *", "schedule.bad_cron", "It takes 0 to 23"},
        Refused{"day 0", "0 0 0 * *", "schedule.bad_cron", "The day-of-month field"},
        Refused{"day 32", "0 0 32 * *", "schedule.bad_cron", "It takes 1 to 31"},
        Refused{"month 13", "0 0 1 13 *", "schedule.bad_cron", "1 to 12 or JAN to DEC"},
        Refused{"weekday 8", "0 0 * * 8", "schedule.bad_cron", "0 to 7 or SUN to SAT"},
        Refused{"a name elsewhere", "0 MON * * *", "schedule.bad_cron", "\"MON\" is no number"},
        Refused{"a long name", "0 0 * * MONDAY", "schedule.bad_cron", "is no number"},
        Refused{"a negative number", "-5 * * * *", "schedule.bad_cron", "is no number"},
        Refused{
            "a range backwards", "0 17-9 * * *", "schedule.bad_cron", "\"17-9\" runs backwards"
        },
        Refused{"a range without end", "0 9- * * *", "schedule.bad_cron", "is no number"},
        Refused{"three ends", "0 1-2-3 * * *", "schedule.bad_cron", "is no number"},
        Refused{"step 0", "*/0 * * * *", "schedule.bad_cron", "has no step that fits"},
        Refused{"no step", "*/ * * * *", "schedule.bad_cron", "has no step that fits"},
        Refused{"a huge step", "*/999999999999 * * * *", "schedule.bad_cron", "no step that fits"},
        Refused{"two steps", "*/2/3 * * * *", "schedule.bad_cron", "no step that fits"},
        Refused{"a trailing comma", "1,2, * * * *", "schedule.bad_cron", "has an empty place"},
        Refused{"two commas", "1,,2 * * * *", "schedule.bad_cron", "has an empty place"},
        Refused{"a question mark", "0 0 ? * *", "schedule.bad_cron", "is no number"},
        Refused{"the last day", "0 0 L * *", "schedule.bad_cron", "is no number"},
        Refused{"30 February", "0 0 30 2 *", "schedule.never", "No day of any year"},
        Refused{"31 June", "0 0 31 JUN,NOV *", "schedule.never", "No day of any year"},
        Refused{"30 February on some days", "0 0 30 2 */2", "schedule.never", "No day of any year"}
    )
);

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

struct Next {
    std::string sentence;
    std::string cron;
    std::string zone;
    std::string after;
    std::vector<std::string> times;
};
void PrintTo(const Next& next, std::ostream* out) { *out << next.sentence; }

class NextTimes : public testing::TestWithParam<Next> {};

// Worked out by hand from the zones' published rules.
// Each slot is one instant (I11).
TEST_P(NextTimes, AreWhatTheCalendarSays) {
    const auto& next = GetParam();
    auto cron = Cron::parse(next.cron);
    auto time = at(next.after);
    for (const auto& expected : next.times) {
        auto found = next_time(cron, next.zone, time);
        ASSERT_TRUE(found);
        EXPECT_EQ(to_text(*found), to_text(at(expected)));
        time = *found;
    }
}

INSTANTIATE_TEST_SUITE_P(
    HandChecked, NextTimes,
    testing::Values(
        Next{
            "is after the instant, never at it",
            "30 9 * * *",
            "UTC",
            "2026-03-01T09:30:00Z",
            {"2026-03-02T09:30:00Z"}
        },
        Next{
            "the next millisecond counts",
            "30 9 * * *",
            "UTC",
            "2026-03-01T09:29:59.999Z",
            {"2026-03-01T09:30:00Z"}
        },
        Next{
            "every minute",
            "@every_minute",
            "UTC",
            "2026-12-31T23:59:30Z",
            {"2027-01-01T00:00:00Z", "2027-01-01T00:01:00Z"}
        },
        Next{"hourly", "@hourly", "UTC", "2026-03-01T09:30:00Z", {"2026-03-01T10:00:00Z"}},
        Next{
            "daily where the day begins elsewhere",
            "@daily",
            "Asia/Tokyo",
            "2026-03-01T12:00:00Z",
            {"2026-03-01T15:00:00Z", "2026-03-02T15:00:00Z"}
        },
        Next{
            "weekly on Sunday",
            "@weekly",
            "UTC",
            "2026-03-03T00:00:00Z",
            {"2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z"}
        },
        Next{
            "monthly",
            "@monthly",
            "UTC",
            "2026-01-15T00:00:00Z",
            {"2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"}
        },
        Next{
            "leap day",
            "0 12 29 2 *",
            "UTC",
            "2024-03-01T00:00:00Z",
            {"2028-02-29T12:00:00Z", "2032-02-29T12:00:00Z"}
        },
        Next{
            "no leap day in 2100",
            "0 12 29 2 *",
            "UTC",
            "2097-01-01T00:00:00Z",
            {"2104-02-29T12:00:00Z"}
        },
        Next{
            "a leap day that is a Sunday",
            "0 0 29 2 */7",
            "UTC",
            "2052-01-01T00:00:00Z",
            {"2060-02-29T00:00:00Z", "2088-02-29T00:00:00Z"}
        },
        Next{
            "the 31st skips short months",
            "0 0 31 * *",
            "UTC",
            "2026-03-31T00:00:00Z",
            {"2026-05-31T00:00:00Z", "2026-07-31T00:00:00Z", "2026-08-31T00:00:00Z"}
        },
        Next{
            "either day when both are given",
            "0 0 13 * FRI",
            "UTC",
            "2026-02-06T00:00:00Z",
            {"2026-02-13T00:00:00Z", "2026-02-20T00:00:00Z", "2026-02-27T00:00:00Z",
             "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z"}
        },
        Next{
            "both days when one begins with a star",
            "0 0 */2 * MON",
            "UTC",
            "2026-03-01T00:00:00Z",
            {"2026-03-09T00:00:00Z", "2026-03-23T00:00:00Z"}
        },
        Next{
            "both names of Sunday",
            "0 0 * * 7",
            "UTC",
            "2026-03-02T00:00:00Z",
            {"2026-03-08T00:00:00Z"}
        },
        Next{
            "a week's end",
            "0 0 * * fri-sun",
            "UTC",
            "2026-03-02T00:00:00Z",
            {"2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z",
             "2026-03-13T00:00:00Z"}
        },
        Next{
            "steps in ranges",
            "10-50/20 8-10/2 * * *",
            "UTC",
            "2026-03-01T00:00:00Z",
            {"2026-03-01T08:10:00Z", "2026-03-01T08:30:00Z", "2026-03-01T08:50:00Z",
             "2026-03-01T10:10:00Z"}
        },
        Next{
            "a step from a number on",
            "50/5 23 * * *",
            "UTC",
            "2026-03-01T00:00:00Z",
            {"2026-03-01T23:50:00Z", "2026-03-01T23:55:00Z", "2026-03-02T23:50:00Z"}
        },
        Next{
            "a gap fires at its end",
            "30 2 * * *",
            "America/New_York",
            "2026-03-07T12:00:00Z",
            {"2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}
        },
        Next{
            "a gap fires once",
            "0,30 2 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            {"2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"}
        },
        Next{
            "every hour has no gap",
            "30 * * * *",
            "Europe/Berlin",
            "2026-03-28T23:40:00Z",
            {"2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"}
        },
        Next{
            "a fold fires once",
            "30 1 * * *",
            "America/New_York",
            "2026-10-31T12:00:00Z",
            {"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"}
        },
        Next{
            "a fold fires once when asked within",
            "30 1 * * *",
            "America/New_York",
            "2026-11-01T06:10:00Z",
            {"2026-11-02T06:30:00Z"}
        },
        Next{
            "every real hour of a fold",
            "30 * * * *",
            "America/New_York",
            "2026-11-01T04:40:00Z",
            {"2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"}
        },
        Next{
            "half an hour put back",
            "45 1 * * *",
            "Australia/Lord_Howe",
            "2026-04-04T12:00:00Z",
            {"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}
        },
        Next{
            "half an hour put forward",
            "15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03T12:00:00Z",
            {"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}
        },
        Next{
            "a day that was left out",
            "0 9 * * *",
            "Pacific/Apia",
            "2011-12-29T20:00:00Z",
            {"2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"}
        },
        Next{
            "midnight put forward",
            "0 0 * * *",
            "America/Havana",
            "2026-03-07T12:00:00Z",
            {"2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"}
        },
        Next{
            "an odd offset",
            "0 9 * * *",
            "Asia/Kathmandu",
            "2026-03-01T00:00:00Z",
            {"2026-03-01T03:15:00Z"}
        }
    )
);

TEST(NextTime, RefusesAZoneThatIsNone) {
    try {
        next_time(Cron::parse("@daily"), "Europe/Atlantis", at("2026-03-01T00:00:00Z"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "schedule.unknown_time_zone");
    }
}

}  // namespace
}  // namespace afterresume::schedules
