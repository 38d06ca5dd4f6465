#include "ai/agents/units.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

constexpr double minute = 60;
constexpr double hour = 3600;
constexpr double day = 86'400;

constexpr auto units = std::to_array<Unit>({
    {"%", "%", Dimension::share, 0.01},
    {"percent", "%", Dimension::share, 0.01},
    {"prozent", "%", Dimension::share, 0.01},
    {"pp", "pp", Dimension::share, 0.01},
    {"x", "x", Dimension::factor, 1},
    {"times", "x", Dimension::factor, 1},
    {"fold", "x", Dimension::factor, 1},
    {"ns", "ns", Dimension::time, 1e-9},
    {"us", "us", Dimension::time, 1e-6},
    {"µs", "us", Dimension::time, 1e-6},
    {"ms", "ms", Dimension::time, 1e-3},
    {"millisecond", "ms", Dimension::time, 1e-3},
    {"s", "s", Dimension::time, 1},
    {"sec", "s", Dimension::time, 1},
    {"second", "s", Dimension::time, 1},
    {"sekunde", "s", Dimension::time, 1},
    {"sekunden", "s", Dimension::time, 1},
    {"min", "min", Dimension::time, minute},
    {"minute", "min", Dimension::time, minute},
    {"minuten", "min", Dimension::time, minute},
    {"h", "h", Dimension::time, hour},
    {"hr", "h", Dimension::time, hour},
    {"hour", "h", Dimension::time, hour},
    {"stunde", "h", Dimension::time, hour},
    {"stunden", "h", Dimension::time, hour},
    {"day", "d", Dimension::time, day},
    {"tag", "d", Dimension::time, day},
    {"tage", "d", Dimension::time, day},
    {"tagen", "d", Dimension::time, day},
    {"week", "week", Dimension::time, 7 * day},
    {"woche", "week", Dimension::time, 7 * day},
    {"wochen", "week", Dimension::time, 7 * day},
    {"month", "month", Dimension::time, 30 * day},
    {"monat", "month", Dimension::time, 30 * day},
    {"monate", "month", Dimension::time, 30 * day},
    {"year", "year", Dimension::time, 365 * day},
    {"jahr", "year", Dimension::time, 365 * day},
    {"jahre", "year", Dimension::time, 365 * day},
    {"byte", "B", Dimension::size, 1},
    {"kb", "KB", Dimension::size, 1e3},
    {"mb", "MB", Dimension::size, 1e6},
    {"gb", "GB", Dimension::size, 1e9},
    {"tb", "TB", Dimension::size, 1e12},
    {"kib", "KiB", Dimension::size, 1024},
    {"mib", "MiB", Dimension::size, 1'048'576},
    {"gib", "GiB", Dimension::size, 1'073'741'824},
    {"rps", "requests/s", Dimension::rate, 1},
    {"qps", "queries/s", Dimension::rate, 1},
    {"req/s", "requests/s", Dimension::rate, 1},
    {"€", "EUR", Dimension::money, 1},
    {"eur", "EUR", Dimension::money, 1},
    {"euro", "EUR", Dimension::money, 1},
    {"$", "USD", Dimension::money, 1},
    {"usd", "USD", Dimension::money, 1},
    {"dollar", "USD", Dimension::money, 1},
    {"£", "GBP", Dimension::money, 1},
    {"gbp", "GBP", Dimension::money, 1},
    {"chf", "CHF", Dimension::money, 1},
});

}  // namespace

const Unit* find_unit(std::string_view written) {
    auto exact = std::find_if(units.begin(), units.end(), [&](const Unit& unit) {
        return unit.written == written;
    });
    if (exact != units.end()) return &*exact;
    auto folded = fold(written);
    if (folded.size() > 3 && folded.back() == 's') folded.pop_back();
    auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) {
        return unit.written == folded;
    });
    if (found == units.end() || (folded.size() == 1 && folded != "x")) return nullptr;
    return &*found;
}

std::optional<double> multiplier(std::string_view written) {
    if (written == "k" || written == "K") return 1e3;
    if (written == "M" || written == "m") return 1e6;
    if (written == "B" || written == "bn") return 1e9;
    auto folded = fold(written);
    if (folded == "thousand" || folded == "tausend") return 1e3;
    if (folded == "million" || folded == "millions" || folded == "mio" || folded == "millionen")
        return 1e6;
    if (folded == "billion" || folded == "milliarden") return 1e9;
    return std::nullopt;
}

}  // namespace afterresume::agents
