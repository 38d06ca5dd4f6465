// How many entries each day has, on the wire.
#pragma once

#include "core/describe/notes.h"
#include "features/worklog/model.h"

namespace afterresume::worklog {

struct Days {
    std::optional<LocalDate> from;
    std::optional<LocalDate> to;
};
BOOST_DESCRIBE_STRUCT(Days, (), (from, to))

constexpr auto notes(Days*) {
    using namespace describe;
    return std::tuple{
        note(&Days::from, "First date; a year before the last when absent"),
        note(&Days::to, "Last date; today when absent"),
    };
}

struct Day {
    LocalDate date;
    std::int64_t entries = 0;
};
BOOST_DESCRIBE_STRUCT(Day, (), (date, entries))

struct Calendar {
    std::vector<Day> days;
};
BOOST_DESCRIBE_STRUCT(Calendar, (), (days))

}  // namespace afterresume::worklog
