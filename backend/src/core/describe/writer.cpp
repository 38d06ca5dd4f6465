#include "core/describe/writer.h"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <cstdint>
#include <cstring>

namespace afterresume::describe {

namespace {

constexpr bool plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

// Whether one of eight bytes is below 0x20, a quote or a backslash: bit tricks on a word ("hasless"
// and "haszero" of Anderson's Bit Twiddling Hacks), as texts are mostly plain.
constexpr bool eight_plain(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    auto zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; };
    auto control = (word - ones * 0x20) & ~word & highs;
    return (control | zero(word ^ (ones * '"')) | zero(word ^ (ones * '\\'))) == 0;
}

// The place of the first character from `at` on that has to be escaped, or the end.
std::size_t plain_until(std::string_view text, std::size_t at) {
    while (at + 8 <= text.size()) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + at, 8);
        if (!eight_plain(word)) break;
        at += 8;
    }
    while (at < text.size() && plain(text[at])) ++at;
    return at;
}

void write_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            fmt::format_to(
                std::back_inserter(out), "\\u{:04x}",
                static_cast<unsigned>(static_cast<unsigned char>(c))
            );
    }
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = plain_until(text, 0); i < text.size(); i = plain_until(text, i + 1)) {
        out.append(text, from, i - from);
        write_escaped(out, text[i]);
        from = i + 1;
    }
    out.append(text, from);
    out += '"';
}

void write_integer(std::string& out, std::int64_t value) {
    char buffer[24];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, end);
}

void write_number(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char buffer[32];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, end);
}

void write_json(std::string& out, const Json& value) { out += boost::json::serialize(value); }
void write_json(std::string& out, const JsonObject& value) { out += boost::json::serialize(value); }

}  // namespace afterresume::describe
