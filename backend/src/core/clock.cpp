#include "core/clock.h"

#include "core/error.h"

#include <date/tz.h>
#include <fmt/format.h>

namespace afterresume {

namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return std::nullopt;
    int value = 0;
    for (auto c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

// Instants and dates are written thousands of times a second, in lists and in the log.
void write_digits(std::string& out, std::size_t at, std::size_t count, unsigned value) {
    for (auto place = at + count; place > at; value /= 10)
        out[--place] = static_cast<char>('0' + value % 10);
}

// "Z", "+02:00"; minutes east of Greenwich.
std::optional<int> offset_minutes(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return std::nullopt;
    auto hours = digits(text, 1, 2);
    auto minutes = digits(text, 4, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

const date::time_zone* find_zone(const std::string& zone) {
    try {
        return date::locate_zone(zone);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

}  // namespace

std::string LocalDate::text() const {
    std::string out = "0000-00-00";
    write_digits(out, 0, 4, static_cast<unsigned>(static_cast<int>(day.year())));
    write_digits(out, 5, 2, static_cast<unsigned>(day.month()));
    write_digits(out, 8, 2, static_cast<unsigned>(day.day()));
    return out;
}

std::optional<LocalDate> LocalDate::parse(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto year = digits(text, 0, 4);
    auto month = digits(text, 5, 2);
    auto day = digits(text, 8, 2);
    if (!year || !month || !day || *year == 0) return std::nullopt;
    LocalDate date(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
    if (!date.day.ok()) return std::nullopt;
    return date;
}

std::string to_text(Timestamp time) {
    auto day = std::chrono::floor<std::chrono::days>(time);
    auto out = LocalDate(day).text() + "T00:00:00.000Z";
    auto in_day = static_cast<unsigned>((time - day).count());
    write_digits(out, 11, 2, in_day / 3'600'000);
    write_digits(out, 14, 2, in_day / 60'000 % 60);
    write_digits(out, 17, 2, in_day / 1000 % 60);
    write_digits(out, 20, 3, in_day % 1000);
    return out;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    auto date = LocalDate::parse(text.substr(0, 10));
    auto hour = digits(text, 11, 2);
    auto minute = digits(text, 14, 2);
    auto second = digits(text, 17, 2);
    if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    std::size_t at = 19;
    int milliseconds = 0;
    if (text[at] == '.') {
        auto first = ++at;
        for (int scale = 100; at < text.size() && text[at] >= '0' && text[at] <= '9';
             ++at, scale /= 10) {
            milliseconds += (text[at] - '0') * scale;
        }
        if (at == first || at - first > 9) return std::nullopt;
    }
    auto offset = offset_minutes(text.substr(at));
    if (!offset) return std::nullopt;
    using namespace std::chrono;
    return sys_days{date->day} + hours{*hour} + minutes{*minute - *offset} + seconds{*second} +
           std::chrono::milliseconds{milliseconds};
}

LocalDate local_date(Timestamp time, const std::string& zone) {
    if (zone == "UTC") return LocalDate(std::chrono::floor<std::chrono::days>(time));
    const auto* found = find_zone(zone);
    if (found == nullptr)
        throw Error(
            ErrorKind::invalid, "profile.unknown_time_zone",
            fmt::format("There is no time zone {}.", zone)
        );
    auto local = found->to_local(time);
    return LocalDate(
        std::chrono::sys_days{std::chrono::floor<std::chrono::days>(local).time_since_epoch()}
    );
}

bool is_time_zone(const std::string& zone) { return zone == "UTC" || find_zone(zone) != nullptr; }

Timestamp SystemClock::now() const {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace afterresume
