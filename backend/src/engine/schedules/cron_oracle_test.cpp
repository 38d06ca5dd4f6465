// The calendar against brute force: every minute is asked of the C library, field by field.
#include "engine/schedules/cron.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>
#include <set>

namespace afterresume::schedules {
namespace {

// The zone of the C library for the length of a test.
class LibraryZone {
public:
    explicit LibraryZone(const std::string& zone) {
        ::setenv("TZ", zone.c_str(), 1);
        ::tzset();
    }
    ~LibraryZone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    LibraryZone(const LibraryZone&) = delete;
    LibraryZone& operator=(const LibraryZone&) = delete;

    // What a wall clock shows, as a time of its own without offsets.
    std::time_t shown(std::time_t time) const {
        std::tm local{};
        ::localtime_r(&time, &local);
        return ::timegm(&local);
    }
};

// An expression as sets that were written out by hand.
struct Sets {
    std::string cron;
    std::set<int> minutes;
    std::set<int> hours;
    std::set<int> days;
    std::set<int> months;
    std::set<int> weekdays;
    bool either = false;

    bool match(std::time_t shown) const {
        std::tm parts{};
        ::gmtime_r(&shown, &parts);
        bool day = days.contains(parts.tm_mday);
        bool weekday = weekdays.contains(parts.tm_wday);
        return minutes.contains(parts.tm_min) && hours.contains(parts.tm_hour) &&
               months.contains(parts.tm_mon + 1) && (either ? day || weekday : day && weekday);
    }
    bool hourly() const { return hours.size() == 24; }
};

std::set<int> every(int from, int to, int step = 1) {
    std::set<int> all;
    for (int value = from; value <= to; value += step) all.insert(value);
    return all;
}

std::vector<Sets> expressions() {
    auto hours = every(0, 23);
    auto days = every(1, 31);
    auto months = every(1, 12);
    auto week = every(0, 6);
    return {
        {"*/15 * * * *", every(0, 59, 15), hours, days, months, week},
        {"@hourly", {0}, hours, days, months, week},
        {"30 * * * *", {30}, hours, days, months, week},
        {"30 2 * * *", {30}, {2}, days, months, week},
        {"0,45 1-3 * * *", {0, 45}, {1, 2, 3}, days, months, week},
        {"0 0 * * *", {0}, {0}, days, months, week},
        {"15 */2 * * *", {15}, every(0, 23, 2), days, months, week},
        {"59 23 * * *", {59}, {23}, days, months, week},
        {"0 3 * * 0", {0}, {3}, days, months, {0}},
        {"20 1,2 * 3,4,10-11 SUN", {20}, {1, 2}, days, {3, 4, 10, 11}, {0}},
        {"5 2 1-7 * MON", {5}, {2}, every(1, 7), months, {1}, true},
        {"0 12 29-31 * *", {0}, {12}, {29, 30, 31}, months, week},
    };
}

// A minute as a person with a clock lives through it.
struct Minute {
    std::time_t time;
    std::time_t shown;
    // What the clock has just left out.
    std::vector<std::time_t> skipped;
    // Whether it shows this for the second time.
    bool again;
};

std::vector<Minute> lived(const LibraryZone& zone, std::time_t from, std::time_t to) {
    std::vector<Minute> minutes;
    std::set<std::time_t> seen;
    auto before = zone.shown(from - 86'400 - 60);
    for (auto time = from - 86'400; time < to; time += 60) {
        Minute minute{time, zone.shown(time), {}, false};
        for (auto missing = before + 60; missing < minute.shown; missing += 60)
            minute.skipped.push_back(missing);
        minute.again = !seen.insert(minute.shown).second;
        before = minute.shown;
        if (time >= from) minutes.push_back(std::move(minute));
    }
    return minutes;
}

bool fires(const Sets& sets, const Minute& minute) {
    if (sets.hourly()) return sets.match(minute.shown);
    auto matches = [&](std::time_t shown) { return sets.match(shown); };
    return std::ranges::any_of(minute.skipped, matches) ||
           (sets.match(minute.shown) && !minute.again);
}

std::vector<std::time_t> brute_force(const Sets& sets, const std::vector<Minute>& minutes) {
    std::vector<std::time_t> times;
    for (const auto& minute : minutes) {
        if (fires(sets, minute)) times.push_back(minute.time);
    }
    return times;
}

std::vector<std::time_t> calculated(
    const Sets& sets, const std::string& zone, std::time_t from, std::time_t to
) {
    auto cron = Cron::parse(sets.cron);
    std::vector<std::time_t> times;
    Timestamp time{std::chrono::seconds(from - 1)};
    while (auto next = next_time(cron, zone, time)) {
        auto seconds = std::chrono::duration_cast<std::chrono::seconds>(next->time_since_epoch());
        if (seconds.count() >= to) break;
        times.push_back(seconds.count());
        time = *next;
    }
    return times;
}

std::time_t midnight(int year, int month, int day) {
    return static_cast<std::time_t>(
               LocalDate(year, static_cast<unsigned>(month), static_cast<unsigned>(day)).days()
           ) *
           86'400;
}

// A week around each weekend that moves a clock somewhere, a leap day, and a year's end.
const std::vector<std::time_t> weeks{midnight(2024, 2, 26),  midnight(2026, 3, 5),
                                     midnight(2026, 3, 26),  midnight(2026, 4, 2),
                                     midnight(2026, 10, 1),  midnight(2026, 10, 22),
                                     midnight(2026, 10, 30), midnight(2026, 12, 28)};
constexpr std::time_t week = 7 * 86'400;

const std::vector<std::string> zones{
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Nicosia",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Antarctica/Troll"
};

// So that gaps and folds are among the slots that are compared (I11).
TEST(Zones, MoveTheirClocksForthAndBackInTwelve) {
    int moving = 0;

    for (const auto& zone : zones) {
        LibraryZone library(zone);
        auto ahead = [&](std::time_t time) { return library.shown(time) - time; };
        auto forth = [&](std::time_t start) { return ahead(start + week) > ahead(start); };
        auto back = [&](std::time_t start) { return ahead(start + week) < ahead(start); };
        if (std::ranges::any_of(weeks, forth) && std::ranges::any_of(weeks, back)) ++moving;
    }

    EXPECT_GE(moving, 12);
}

class Golden : public testing::TestWithParam<std::string> {};

// Each slot is one instant (I11).
TEST_P(Golden, TimesAreThoseOfBruteForce) {
    const auto& zone = GetParam();
    LibraryZone library(zone);
    std::size_t cases = 0;

    for (auto start : weeks) {
        auto end = start + week;
        auto minutes = lived(library, start, end);
        for (const auto& sets : expressions()) {
            SCOPED_TRACE(sets.cron);
            auto expected = brute_force(sets, minutes);
            EXPECT_EQ(calculated(sets, zone, start, end), expected);
            cases += expected.size();
        }
    }

    EXPECT_GE(cases, 500U);
}

INSTANTIATE_TEST_SUITE_P(Zones, Golden, testing::ValuesIn(zones), [](const auto& info) {
    auto name = info.param;
    std::ranges::replace(name, '/', '_');
    return name;
});

}  // namespace
}  // namespace afterresume::schedules
