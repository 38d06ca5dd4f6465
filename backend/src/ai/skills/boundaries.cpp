#include "ai/skills/boundaries.h"

#include <algorithm>
#include <array>

#include "ai/skills/folding.h"
#include "core/text.h"

namespace afterresume::skill_matching {

namespace {

bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }

char at(std::string_view text, std::size_t position) {
    return position < text.size() ? text[position] : '\0';
}

bool word_starts_at(std::string_view text, std::size_t position) {
    if (position >= text.size()) return false;
    auto next = code_point_at(text, position).value;
    return next == '_' || is_word(next);
}

std::string_view next_word(std::string_view text, std::size_t position) {
    while (at(text, position) == ' ') ++position;
    auto end = position;
    while (is_lower(at(text, end))) ++end;
    return text.substr(std::min(position, text.size()), end - position);
}

// A number before one of these counts something, it is no version.
constexpr std::array<std::string_view, 17> counted{"years",  "year",   "yrs",   "yr",    "months",
                                                   "month",  "days",   "hours", "weeks", "minutes",
                                                   "people", "users",  "tests", "times", "files",
                                                   "of",     "percent"};

}  // namespace

std::size_t start_of(std::string_view text, std::size_t end, std::size_t length) {
    auto position = end;
    bool in_separators = false;
    while (length > 0 && position > 0) {
        auto before = code_point_before(text, position);
        if (is_separator(before.value)) {
            if (!in_separators) --length;
            in_separators = true;
        } else {
            auto size = before.value < 0x80 ? 1 : folded(before.value).size();
            length -= std::min(length, size);
            in_separators = false;
        }
        position -= before.size;
    }
    return position;
}

bool begins_word(std::string_view text, std::size_t start) {
    if (start == 0) return true;
    auto before = code_point_before(text, start);
    if (before.value == '_' || is_word(before.value)) return false;
    if (before.value == '.' && start >= 2)
        return !is_word(code_point_before(text, start - 1).value);
    return true;
}

std::optional<std::size_t> end_of_word(std::string_view text, std::size_t start, std::size_t end) {
    bool after_letter = is_word(code_point_before(text, end).value);
    if (!after_letter)
        return word_starts_at(text, end) && !is_ascii_digit(at(text, end - 1)) ? std::nullopt
                                                                               : std::optional(end);
    if (at(text, end) == '#' || (at(text, end) == '+' && at(text, end + 1) == '+'))
        return std::nullopt;
    if (!word_starts_at(text, end)) return end;
    if (end - start < 3 || is_ascii_digit(at(text, end - 1))) return std::nullopt;
    if (at(text, end) == 's' && at(text, end - 1) != 's' && !word_starts_at(text, end + 1))
        return end + 1;
    auto digits = end;
    while (is_ascii_digit(at(text, digits)) ||
           (at(text, digits) == '.' && is_ascii_digit(at(text, digits + 1))))
        ++digits;
    if (digits > end && digits - end <= 6 && !word_starts_at(text, digits)) return digits;
    return std::nullopt;
}

std::size_t past_version(std::string_view text, std::size_t end) {
    auto position = end;
    if (at(text, position) != ' ') return end;
    ++position;
    if (at(text, position) == 'v') ++position;
    auto digits = position;
    bool dotted = false;
    while (is_ascii_digit(at(text, position)) ||
           (at(text, position) == '.' && position > digits &&
            (is_ascii_digit(at(text, position + 1)) || at(text, position + 1) == 'x'))) {
        dotted = dotted || text[position] == '.';
        ++position;
    }
    if (position > digits && at(text, position - 1) == '.' && at(text, position) == 'x') ++position;
    auto size = position - digits;
    if (size == 0 || (size > 2 && !dotted) || word_starts_at(text, position)) return end;
    if (at(text, position) == '+' && !dotted && !next_word(text, position + 1).empty()) return end;
    if (std::ranges::find(counted, next_word(text, position)) != counted.end()) return end;
    return at(text, position) == '%' || at(text, position) == '-' ? end : position;
}

bool is_glued(std::string_view text, std::size_t start, std::size_t end) {
    constexpr std::string_view before_signs = "-@.=&";
    constexpr std::string_view after_signs = "-@.=&:(";
    bool before = start > 0 && before_signs.find(text[start - 1]) != std::string_view::npos;
    bool after = before_signs.find(at(text, end)) != std::string_view::npos &&
                 after_signs.find(at(text, end)) != std::string_view::npos &&
                 word_starts_at(text, end + 1);
    bool path = start > 1 && text[start - 1] == '/' && at(text, end) == '/';
    return before || after || path;
}

bool is_code(std::string_view text, std::size_t start, std::size_t end) {
    if (start == 0) return false;
    if (text[start - 1] == '`')
        return at(text, end) == '`' || at(text, end) == ' ' || at(text, end) == '\n';
    return start >= 2 && (text.substr(start - 2, 2) == "$ " || text.substr(start - 2, 2) == "% ");
}

bool is_fence_language(std::string_view text, std::size_t start, std::size_t end) {
    return start >= 3 && text.substr(start - 3, 3) == "```" &&
           (end == text.size() || text[end] == '\n');
}

bool Addresses::cover(std::size_t position) {
    while (position >= end_ && end_ < text_.size()) find_from(end_);
    return position >= start_ && position < end_;
}

void Addresses::find_from(std::size_t position) {
    auto scheme_end = text_.find("://", position);
    start_ = end_ = text_.size();
    if (scheme_end == std::string_view::npos) return;
    start_ = scheme_end;
    while (start_ > position && is_word(static_cast<unsigned char>(text_[start_ - 1]))) --start_;
    end_ = std::min(text_.find_first_of(" \t\r\n)>\"'`]", scheme_end + 3), text_.size());
}

bool begins_sentence(std::string_view text, std::size_t start) {
    constexpr std::string_view enders = ".!?:;\n*#>";
    while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '-' || text[start - 1] == '"')
    )
        --start;
    return start == 0 || enders.find(text[start - 1]) != std::string_view::npos;
}

}  // namespace afterresume::skill_matching
