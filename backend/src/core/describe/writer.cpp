#include "core/describe/writer.h"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>

namespace afterresume::describe {

namespace {

constexpr bool plain(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
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
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (plain(text[i])) continue;
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
