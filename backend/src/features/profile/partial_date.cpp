#include "features/profile/partial_date.h"

namespace afterresume::profile {

std::optional<PartialDate> PartialDate::parse(std::string_view text) {
    constexpr std::size_t year = 4;
    constexpr std::size_t month = 7;
    constexpr std::size_t day = 10;
    if (text.size() != year && text.size() != month && text.size() != day) return std::nullopt;
    if (text.front() != '1' && text.front() != '2') return std::nullopt;
    std::string full(text);
    if (text.size() <= year) full += "-01";
    if (text.size() <= month) full += "-01";
    auto first = LocalDate::parse(full);
    if (!first) return std::nullopt;

    PartialDate out;
    out.text_ = text;
    out.first_ = *first;
    out.last_ = *first;
    if (text.size() == year) out.last_ = LocalDate(first->day.year() / std::chrono::December / 31);
    if (text.size() == month)
        out.last_ = LocalDate(
            std::chrono::sys_days{first->day.year() / first->day.month() / std::chrono::last}
        );
    return out;
}

void read_value(
    const Json& json, PartialDate& out, const std::string& at, describe::Findings& findings
) {
    const auto* text = json.if_string();
    auto date = text != nullptr ? PartialDate::parse(std::string_view(text->data(), text->size()))
                                : std::nullopt;
    if (!date) return findings.add(at, "must be a date like 2026, 2026-03 or 2026-03-01");
    out = *date;
}

}  // namespace afterresume::profile
