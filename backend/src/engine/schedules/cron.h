// Cron expressions and the instants they name in an IANA time zone. Values and pure functions only.
//
// Five fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12 or JAN-DEC) and day of
// week (0-7 or SUN-SAT; 0 and 7 are Sunday). A field is a list of *, numbers and ranges, each with
// a step if wanted: 0,30 or 9-17 or */15 or 10-50/20; 5/20 means 5-59/20. Instead of the five:
// @hourly, @daily, @weekly (Sunday), @monthly, @every_minute.
//
// As cron has it, a day matches when the day of month OR the day of week does, if both fields are
// restricted; a field that begins with * restricts nothing by itself, and then both must match.
#pragma once

#include "core/clock.h"

#include <bitset>
#include <string>
#include <string_view>

namespace afterresume::schedules {

using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

class Cron {
public:
    // Throws Error(invalid): "schedule.bad_cron" says which field is wrong and what it takes,
    // "schedule.never" that no day of any year matches, such as 30 February.
    static Cron parse(std::string_view text);

    // The first matching minute of the wall clock at or after `from`; nullopt when there is none
    // within fifty years, which no parsed expression comes to.
    std::optional<LocalMinute> first_match(LocalMinute from) const;
    // A schedule for every hour follows the clock's hands; any other has fixed hours.
    bool is_hourly() const { return hours_.all(); }

private:
    bool matches(std::chrono::year_month_day day) const;
    std::optional<std::chrono::minutes> first_in_day(std::chrono::minutes from) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<8> weekdays_;
    // Whether one of both day fields is enough.
    bool either_day_ = false;
};

// The first instant after `after` at which the expression fires in that zone. Where clocks are put
// forward, what falls into the gap fires at the first instant after it; where they are put back,
// fixed hours fire the first time only. An expression for every hour fires whenever the clock shows
// a matching time. Throws Error(invalid, "schedule.unknown_time_zone").
std::optional<Timestamp> next_time(const Cron& cron, const std::string& zone, Timestamp after);

}  // namespace afterresume::schedules
