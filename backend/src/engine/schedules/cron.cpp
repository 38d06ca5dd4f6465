#include "engine/schedules/cron.h"

#include "core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

namespace afterresume::schedules {

namespace {

constexpr std::array<std::string_view, 12> month_names{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekday_names{"SUN", "MON", "TUE", "WED",
                                                        "THU", "FRI", "SAT"};

struct Field {
    std::string_view name;
    int least;
    int greatest;
    std::span<const std::string_view> words = {};
    // Of the first word.
    int first_word = 0;
};
constexpr Field minute{"minute", 0, 59};
constexpr Field hour{"hour", 0, 23};
constexpr Field day_of_month{"day-of-month", 1, 31};
constexpr Field month{"month", 1, 12, month_names, 1};
constexpr Field day_of_week{"day-of-week", 0, 7, weekday_names, 0};

struct Macro {
    std::string_view name;
    std::string_view expression;
};
constexpr std::array<Macro, 5> macros{{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@every_minute", "* * * * *"},
}};

Error bad(std::string sentence) {
    Error error(ErrorKind::invalid, "schedule.bad_cron", sentence);
    error.with_fields({{"/cron", std::move(sentence)}});
    return error;
}

[[noreturn]] void refuse(const Field& field, std::string_view part, std::string_view why) {
    auto words = field.words.empty()
                     ? std::string()
                     : fmt::format(" or {} to {}", field.words.front(), field.words.back());
    throw bad(fmt::format(
        "The {} field: \"{}\" {}. It takes {} to {}{}, * for all, ranges such as {}-{}, lists "
        "with commas, and steps such as */2.",
        field.name, part, why, field.least, field.greatest, words, field.least, field.greatest
    ));
}

bool same_word(std::string_view text, std::string_view word) {
    return std::ranges::equal(text, word, [](char a, char b) {
        return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b;
    });
}

int read_number(const Field& field, std::string_view part, std::string_view text) {
    for (std::size_t i = 0; i < field.words.size(); ++i) {
        if (same_word(text, field.words[i])) return field.first_word + static_cast<int>(i);
    }
    int value = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size() || text.starts_with('-'))
        refuse(field, part, "is no number");
    if (value < field.least || value > field.greatest) refuse(field, part, "is out of range");
    return value;
}

int read_step(const Field& field, std::string_view part, std::string_view text) {
    int value = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size() || value < 1 ||
        value > field.greatest)
        refuse(field, part, "has no step that fits");
    return value;
}

template <std::size_t Size>
void read_part(const Field& field, std::string_view part, std::bitset<Size>& out) {
    auto slash = part.find('/');
    auto base = part.substr(0, slash);
    auto step =
        slash == std::string_view::npos ? 0 : read_step(field, part, part.substr(slash + 1));
    int from = field.least;
    int to = field.greatest;
    if (base != "*") {
        auto dash = base.find('-');
        from = read_number(field, part, base.substr(0, dash));
        if (dash != std::string_view::npos) {
            to = read_number(field, part, base.substr(dash + 1));
            // A week may end on Sunday: FRI-SUN.
            if (field.greatest == 7 && to == 0 && from > 0) to = 7;
        } else if (step == 0) {
            to = from;
        }
    }
    if (from > to) refuse(field, part, "runs backwards");
    for (int value = from; value <= to; value += std::max(step, 1))
        out.set(static_cast<std::size_t>(value));
}

template <std::size_t Size>
std::bitset<Size> read_field(const Field& field, std::string_view text) {
    std::bitset<Size> out;
    for (std::size_t begin = 0; begin <= text.size();) {
        auto end = std::min(text.find(',', begin), text.size());
        auto part = text.substr(begin, end - begin);
        if (part.empty()) refuse(field, text, "has an empty place");
        read_part(field, part, out);
        begin = end + 1;
    }
    return out;
}

std::vector<std::string_view> words_of(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    std::vector<std::string_view> words;
    for (auto at = text.find_first_not_of(blanks); at != std::string_view::npos;) {
        auto end = std::min(text.find_first_of(blanks, at), text.size());
        words.push_back(text.substr(at, end - at));
        at = text.find_first_not_of(blanks, end);
    }
    return words;
}

std::string_view expanded(std::string_view text) {
    if (!text.starts_with('@')) return text;
    for (const auto& macro : macros) {
        if (text == macro.name) return macro.expression;
    }
    throw bad(fmt::format(
        "There is no {}; there are @hourly, @daily, @weekly, @monthly and @every_minute.", text
    ));
}

}  // namespace

Cron Cron::parse(std::string_view text) {
    auto fields = words_of(text);
    if (fields.size() == 1) fields = words_of(expanded(fields.front()));
    if (fields.size() != 5) {
        throw bad(fmt::format(
            "A cron expression has five fields (minute, hour, day of month, month, day of week) "
            "or is a word such as @daily; this one has {}.",
            fields.size()
        ));
    }
    Cron cron;
    cron.minutes_ = read_field<60>(minute, fields[0]);
    cron.hours_ = read_field<24>(hour, fields[1]);
    cron.days_ = read_field<32>(day_of_month, fields[2]);
    cron.months_ = read_field<13>(month, fields[3]);
    cron.weekdays_ = read_field<8>(day_of_week, fields[4]);
    if (cron.weekdays_[7]) cron.weekdays_.set(0);
    cron.either_day_ = !fields[2].starts_with('*') && !fields[4].starts_with('*');
    if (!cron.first_match(LocalMinute(std::chrono::days(0)))) {
        std::string sentence = "No day of any year matches this cron expression.";
        Error never(ErrorKind::invalid, "schedule.never", sentence);
        throw never.with_fields({{"/cron", sentence}});
    }
    return cron;
}

}  // namespace afterresume::schedules
