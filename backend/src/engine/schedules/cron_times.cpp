#include "core/error.h"
#include "engine/schedules/cron.h"

#include <date/tz.h>
#include <fmt/format.h>

namespace afterresume::schedules {

using std::chrono::days;
using std::chrono::minutes;

namespace {

// 29 February falls on a given weekday once in forty years at worst.
constexpr days search_horizon{50 * 366};
// Longer than any shift of a clock.
constexpr days longest_shift{2};

const date::time_zone& zone_named(const std::string& name) {
    try {
        return *date::locate_zone(name);
    } catch (const std::runtime_error&) {
        auto sentence = fmt::format("There is no time zone {}.", name);
        Error unknown(ErrorKind::invalid, "schedule.unknown_time_zone", sentence);
        throw unknown.with_fields({{"/time_zone", sentence}});
    }
}

LocalMinute local(std::chrono::sys_seconds time, std::chrono::seconds offset) {
    return LocalMinute(std::chrono::ceil<minutes>(time.time_since_epoch() + offset));
}

}  // namespace

bool Cron::matches(std::chrono::year_month_day day) const {
    if (!months_[static_cast<unsigned>(day.month())]) return false;
    bool of_month = days_[static_cast<unsigned>(day.day())];
    bool of_week = weekdays_[std::chrono::weekday(std::chrono::sys_days(day)).c_encoding()];
    return either_day_ ? of_month || of_week : of_month && of_week;
}

std::optional<minutes> Cron::first_in_day(minutes from) const {
    auto first_minute = static_cast<std::size_t>(from.count() % 60);
    for (auto hour = static_cast<std::size_t>(from.count() / 60); hour < hours_.size(); ++hour) {
        if (hours_[hour]) {
            for (auto minute = first_minute; minute < minutes_.size(); ++minute) {
                if (minutes_[minute]) return minutes(hour * 60 + minute);
            }
        }
        first_minute = 0;
    }
    return std::nullopt;
}

std::optional<LocalMinute> Cron::first_match(LocalMinute from) const {
    auto day = std::chrono::floor<days>(from);
    auto last = day + search_horizon;
    auto within = from - day;
    for (; day < last; day += days(1)) {
        if (matches(std::chrono::sys_days(day.time_since_epoch()))) {
            if (auto found = first_in_day(within)) return day + *found;
        }
        within = minutes(0);
    }
    return std::nullopt;
}

// Walks the pieces of time in which the zone keeps one offset.
std::optional<Timestamp> next_time(
    const Cron& cron, const std::string& zone_name, Timestamp after
) {
    const auto& zone = zone_named(zone_name);
    std::chrono::sys_seconds from = std::chrono::floor<minutes>(after) + minutes(1);
    for (const auto last = from + search_horizon; from < last;) {
        auto piece = zone.get_info(from);
        auto before = zone.get_info(std::max(piece.begin, from - longest_shift) - minutes(1));
        auto begin = local(piece.begin, piece.offset);
        auto end_before = local(piece.begin, before.offset);
        auto wanted = local(from, piece.offset);
        if (!cron.is_hourly() && from - piece.begin < longest_shift) {
            bool missed = cron.first_match(end_before).value_or(begin) < begin;
            if (from == piece.begin && missed) return piece.begin;
            wanted = std::max(wanted, end_before);
        }
        auto found = cron.first_match(wanted);
        if (!found) return std::nullopt;
        auto instant = std::chrono::sys_seconds(found->time_since_epoch() - piece.offset);
        if (instant < piece.end) return instant;
        from = std::chrono::ceil<minutes>(piece.end);
    }
    return std::nullopt;
}

}  // namespace afterresume::schedules
