// Which days a report covers. Pure; "today" is an argument, in the time zone of who asks.
#pragma once

#include "features/reporting/model.h"

namespace afterresume::reporting {

// Local dates, both included.
struct Window {
    LocalDate from;
    LocalDate to;

    bool operator==(const Window&) const = default;
};
BOOST_DESCRIBE_STRUCT(Window, (), (from, to))

struct WantedWindow {
    std::optional<LocalDate> from;
    std::optional<LocalDate> to;
    // Back from `to`, which is one of them.
    std::optional<std::int64_t> window_days;
};

// What is not said is the kind's own: standup the last working day (Monday to Friday) before today,
// status and weekly 7 days, monthly the last whole calendar month, summary 30 days, self_review 365
// days, each but those two up to today; a résumé has none. Throws Error(invalid, "request.invalid")
// for `from` together with `window_days`, an end before its begin, and more than ten years.
Window window_of(Kind kind, const WantedWindow& wanted, LocalDate today);

}  // namespace afterresume::reporting
