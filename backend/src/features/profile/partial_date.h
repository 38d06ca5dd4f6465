// A date of which only the year, or the year and the month, may be known, as JSON Resume writes it.
#pragma once

#include "core/clock.h"
#include "core/describe/reader.h"

namespace afterresume::profile {

class PartialDate {
public:
    PartialDate() = default;

    // 2014, 2014-06 or 2014-06-29, of the years 1000 to 2999; nullopt for anything else and for
    // days that never were.
    static std::optional<PartialDate> parse(std::string_view text);

    const std::string& text() const { return text_; }
    operator std::string_view() const { return text_; }
    // The days that it may mean.
    LocalDate first_day() const { return first_; }
    LocalDate last_day() const { return last_; }

    bool operator==(const PartialDate&) const = default;

private:
    std::string text_;
    LocalDate first_;
    LocalDate last_;
};

// Lets described structs hold one.
void read_value(
    const Json& json, PartialDate& out, const std::string& at, describe::Findings& findings
);

}  // namespace afterresume::profile
