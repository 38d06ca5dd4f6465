#include "features/reporting/window.h"

#include "core/error.h"

namespace afterresume::reporting {

namespace {

constexpr int most_days = 3'660;

LocalDate last_working_day(LocalDate today) {
    auto day = today.plus_days(-1);
    while (std::chrono::weekday{std::chrono::sys_days{day.day}}.iso_encoding() > 5)
        day = day.plus_days(-1);
    return day;
}

LocalDate first_of_month(LocalDate day) { return LocalDate(day.day.year() / day.day.month() / 1); }

int usual_days(Kind kind) {
    switch (kind) {
        case Kind::standup:
            return 1;
        case Kind::status:
        case Kind::weekly:
            return 7;
        case Kind::monthly:
        case Kind::summary:
            return 30;
        case Kind::self_review:
        case Kind::resume:
            return 365;
    }
    return 1;
}

Window usual_window(Kind kind, LocalDate today) {
    if (kind == Kind::standup) return {last_working_day(today), last_working_day(today)};
    if (kind == Kind::monthly) {
        auto last = first_of_month(today).plus_days(-1);
        return {first_of_month(last), last};
    }
    return {today.plus_days(1 - usual_days(kind)), today};
}

}  // namespace

Window window_of(Kind kind, const WantedWindow& wanted, LocalDate today) {
    if (wanted.from && wanted.window_days) {
        throw Error::invalid_fields(
            {{"/window_days", "must not stand beside from, which says the same in another way"}}
        );
    }
    if (!wanted.from && !wanted.to && !wanted.window_days) return usual_window(kind, today);
    if (wanted.window_days && (*wanted.window_days < 1 || *wanted.window_days > most_days)) {
        throw Error::invalid_fields({{"/window_days", "must be from 1 to 3660"}});
    }
    auto to = wanted.to.value_or(today);
    auto days = static_cast<int>(wanted.window_days.value_or(usual_days(kind)));
    auto from = wanted.from.value_or(to.plus_days(1 - days));
    if (from > to) throw Error::invalid_fields({{"/from", "must not be after to"}});
    if (from.day.year() < std::chrono::year{1})
        throw Error::invalid_fields({{"/to", "is too early"}});
    if (to.days() - from.days() > most_days)
        throw Error::invalid_fields({{"/from", "must be at most ten years before to"}});
    return {from, to};
}

}  // namespace afterresume::reporting
