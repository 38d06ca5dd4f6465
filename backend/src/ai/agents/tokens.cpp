#include "ai/agents/text.h"

#include "core/text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

// Characters that may stand inside a run without a space; what they mean is decided for the whole
// run.
bool joins(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_ascii_digit(c) || is_ascii_letter(c) ||
           std::string_view("_@#/\\.:+&=?%'~$*").find(c) != std::string_view::npos;
}

UChar32 code_point(std::string_view text, std::size_t at, std::size_t& next) {
    auto offset = static_cast<std::int32_t>(at);
    UChar32 c = 0;
    U8_NEXT(text.data(), offset, static_cast<std::int32_t>(text.size()), c);
    next = static_cast<std::size_t>(offset);
    return c;
}

bool is_letter(std::string_view text, std::size_t at, std::size_t& next) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
        next = at + 1;
        return is_ascii_letter(text[at]);
    }
    auto c = code_point(text, at, next);
    return c >= 0 && (u_isalpha(c) != 0 || u_charType(c) == U_NON_SPACING_MARK);
}

std::size_t letters_end(std::string_view text, std::size_t at) {
    std::size_t next = at;
    while (at < text.size() && is_letter(text, at, next)) at = next;
    return at;
}

std::size_t digits_end(std::string_view text, std::size_t at) {
    while (at < text.size() && is_ascii_digit(text[at])) ++at;
    return at;
}

// 1,000.5 and 1.000,5 and 12: digits with single separators between digits.
std::size_t number_end(std::string_view text, std::size_t at) {
    at = digits_end(text, at);
    while (at + 1 < text.size() && (text[at] == '.' || text[at] == ',' || text[at] == '\'') &&
           is_ascii_digit(text[at + 1]))
        at = digits_end(text, at + 1);
    return at;
}

// 2026-03-01, 2026/03/01, 01.03.2026 and 08:35(:00).
std::size_t date_or_time_end(std::string_view text, std::size_t at) {
    auto first = digits_end(text, at);
    if (first >= text.size()) return at;
    auto separator = text[first];
    if (std::string_view("-/.:").find(separator) == std::string_view::npos) return at;
    auto second = digits_end(text, first + 1);
    auto width = second - first - 1;
    if (separator == ':') {
        if (first - at > 2 || width != 2) return at;
        return second < text.size() && text[second] == ':' ? digits_end(text, second + 1) : second;
    }
    if (second >= text.size() || text[second] != separator || width == 0 || width > 2) return at;
    auto third = digits_end(text, second + 1);
    auto last = third - second - 1;
    bool iso = first - at == 4 && (last == 1 || last == 2) && separator != '.';
    bool european = first - at <= 2 && last == 4;
    if (!iso && !european) return at;
    if (iso && third < text.size() && text[third] == 'T' && third + 1 < text.size() &&
        is_ascii_digit(text[third + 1])) {
        while (third < text.size() &&
               (is_ascii_digit(text[third]) ||
                std::string_view("T:.+-Z").find(text[third]) != std::string_view::npos))
            ++third;
    }
    return third;
}

std::size_t run_end(std::string_view text, std::size_t at) {
    while (at < text.size() && joins(text[at])) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        std::size_t next = at;
        if (!is_letter(text, at, next)) break;
        at = next;
    }
    return at;
}

bool is_reference(std::string_view run) {
    if (run.find("://") != std::string_view::npos || run.starts_with("www.")) return true;
    if (run.size() > 1 && run[0] == '#' && std::all_of(run.begin() + 1, run.end(), is_ascii_digit))
        return true;
    auto at = run.find('@');
    if (at != std::string_view::npos && at > 0 && run.find('.', at) != std::string_view::npos)
        return true;
    return run.size() > 3 && run.find('#') != std::string_view::npos &&
           is_ascii_digit(run.back()) && run.find('/') != std::string_view::npos;
}

bool is_identifier(std::string_view run) {
    bool letter = false;
    bool lower_seen = false;
    bool camel = false;
    bool digit = false;
    bool inner = false;
    for (std::size_t i = 0; i < run.size(); ++i) {
        auto c = run[i];
        if (is_ascii_letter(c)) {
            letter = true;
            camel = camel || (lower_seen && c <= 'Z');
            lower_seen = lower_seen || c >= 'a';
        } else if (is_ascii_digit(c)) {
            digit = true;
        } else if (c != '\'' && static_cast<unsigned char>(c) < 0x80) {
            inner = true;
        }
    }
    return letter && (camel || digit || inner);
}

std::size_t trimmed_end(std::string_view text, std::size_t start, std::size_t end) {
    while (end > start + 1 &&
           std::string_view(".:?/='&~*").find(text[end - 1]) != std::string_view::npos)
        --end;
    return end;
}

// Where a number such as "12ms", "3x" or "12k" ends and its unit begins; "2fa" and hashes are no
// numbers.
bool is_unit_suffix(std::string_view suffix) {
    static constexpr auto known = std::to_array<std::string_view>(
        {"ms", "s",   "m",     "h",   "d",   "x",  "k",   "K",   "M",   "B",  "bn",
         "b",  "kB",  "KB",    "MB",  "GB",  "TB", "KiB", "MiB", "GiB", "us", "µs",
         "ns", "min", "mins",  "sec", "hrs", "hr", "pp",  "px",  "mm",  "cm", "km",
         "kg", "g",   "req/s", "rps", "qps", "kb", "mb",  "gb"}
    );
    return std::find(known.begin(), known.end(), suffix) != known.end();
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) { out_.reserve(text.size() / 5 + 4); }

    std::vector<Token> scan() && {
        std::size_t at = 0;
        while (at < text_.size()) at = step(at);
        return std::move(out_);
    }

private:
    std::size_t add(TokenKind kind, std::size_t start, std::size_t end) {
        out_.push_back({kind, start, end, text_.substr(start, end - start)});
        return end;
    }

    std::size_t step(std::size_t at) {
        auto c = text_[at];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') return at + 1;
        if (is_ascii_digit(c)) return digits(at);
        std::size_t next = at;
        bool opens =
            (std::string_view("@#._/").find(c) != std::string_view::npos && at + 1 < text_.size() &&
             (is_ascii_letter(text_[at + 1]) || is_ascii_digit(text_[at + 1])));
        // "€/month", "and/or": a slash after something separates.
        if (c == '/' && at > 0 &&
            std::string_view(" \n\t(\"'`[").find(text_[at - 1]) == std::string_view::npos)
            opens = false;
        if (opens || is_letter(text_, at, next)) return run(at);
        code_point(text_, at, next);
        return add(TokenKind::symbol, at, next);
    }

    std::size_t digits(std::size_t at) {
        auto dated = date_or_time_end(text_, at);
        if (dated != at) return add(TokenKind::reference, at, dated);
        auto number = number_end(text_, at);
        auto run = trimmed_end(text_, at, run_end(text_, at));
        auto suffix_end = letters_end(text_, number);
        auto suffix = text_.substr(number, suffix_end - number);
        bool separated = suffix_end >= run || text_[suffix_end] == '/' ||
                         text_[suffix_end] == '%' || text_[suffix_end] == '+';
        auto plain = text_.substr(at, number - at);
        bool version = std::count(plain.begin(), plain.end(), '.') > 1 && !thousands(plain);
        if (version || (!suffix.empty() && !(separated && is_unit_suffix(suffix))))
            return add(TokenKind::identifier, at, std::max(run, number));
        return add(TokenKind::number, at, number);
    }

    static bool thousands(std::string_view plain) {
        auto dot = plain.find('.');
        while (dot != std::string_view::npos) {
            auto next = plain.find('.', dot + 1);
            if ((next == std::string_view::npos ? plain.size() : next) - dot != 4) return false;
            dot = next;
        }
        return true;
    }

    std::size_t run(std::size_t at) {
        auto end = trimmed_end(text_, at, run_end(text_, at));
        auto whole = text_.substr(at, end - at);
        if (is_reference(whole)) {
            while (end < text_.size() && (joins(text_[end]) || text_[end] == '-')) ++end;
            return add(TokenKind::reference, at, trimmed_end(text_, at, end));
        }
        auto word = letters_end(text_, at);
        if (word > at && word + 2 < end && (text_[word] == '/') && plain_pair(whole))
            return add(TokenKind::word, at, word);
        if (is_identifier(whole)) return add(TokenKind::identifier, at, end);
        if (word == at) return add(TokenKind::symbol, at, at + 1);
        if (word + 1 < end && text_[word] == '\'') word = letters_end(text_, word + 1);
        return add(TokenKind::word, at, word);
    }

    // "build/run" is two words, "@scope/package" and "a/b.ts" are one name.
    static bool plain_pair(std::string_view whole) {
        return std::count(whole.begin(), whole.end(), '/') == 1 &&
               std::all_of(whole.begin(), whole.end(), [](char c) {
                   return c == '/' || is_ascii_letter(c);
               });
    }

    std::string_view text_;
    std::vector<Token> out_;
};

}  // namespace

std::vector<Token> tokens(std::string_view text) { return Scanner(text).scan(); }

}  // namespace afterresume::agents
