// Described values as JSON text, written straight into a buffer. Output is compact, members stand
// in the order of their description, and an absent optional is null.
#pragma once

#include "core/describe/traits.h"

#include <cmath>
#include <string>
#include <string_view>

namespace afterresume::describe {

void write_string(std::string& out, std::string_view text);
void write_integer(std::string& out, std::int64_t value);
void write_number(std::string& out, double value);
void write_json(std::string& out, const Json& value);
void write_json(std::string& out, const JsonObject& value);

template <class T>
void write(std::string& out, const T& value);

template <class Range, class WriteItem>
void write_items(
    std::string& out, char open, char close, const Range& range, WriteItem write_item
) {
    out += open;
    bool first = true;
    for (const auto& item : range) {
        if (!first) out += ',';
        first = false;
        write_item(item);
    }
    out += close;
}

template <described_struct T>
void write_members(std::string& out, const T& value) {
    out += '{';
    bool first = true;
    for_each_member<T>([&](std::string_view name, auto pointer) {
        out += first ? "\"" : ",\"";
        first = false;
        out += name;
        out += "\":";
        write(out, value.*pointer);
    });
    out += '}';
}

template <class T>
void write(std::string& out, const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        out += value ? "true" : "false";
    } else if constexpr (std::is_integral_v<T>) {
        write_integer(out, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        write_number(out, value);
    } else if constexpr (std::is_same_v<T, RawJson> || is_a<T, JsonList>) {
        out += value.text;
    } else if constexpr (json_like<T>) {
        write_json(out, value);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
        write_string(out, value);
    } else if constexpr (std::is_same_v<T, Uuid> || std::is_same_v<T, LocalDate>) {
        write_string(out, value.text());
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        write_string(out, to_text(value));
    } else if constexpr (described_enum<T>) {
        write_string(out, name_of(value));
    } else if constexpr (id_like<T> || change_like<T> || is_a<T, Unread>) {
        write(out, value.value);
    } else if constexpr (optional_like<T>) {
        if (value) {
            write(out, *value);
        } else {
            out += "null";
        }
    } else if constexpr (list_like<T>) {
        write_items(out, '[', ']', value, [&](const auto& item) { write(out, item); });
    } else if constexpr (map_like<T>) {
        write_items(out, '{', '}', value, [&](const auto& pair) {
            write_string(out, pair.first);
            out += ':';
            write(out, pair.second);
        });
    } else {
        static_assert(
            described_struct<T>, "a type on the wire is described with BOOST_DESCRIBE_STRUCT"
        );
        write_members(out, value);
    }
}

template <class T>
std::string to_json(const T& value) {
    std::string out;
    write(out, value);
    return out;
}

}  // namespace afterresume::describe
