// Rows straight into the JSON of an answer: for lists that are read often, without making the
// structs in between.
#pragma once

#include "core/describe/writer.h"
#include "infra/sql/row.h"

#include <array>

namespace afterresume::sql {

// A page of a list: its items as JSON, and what the last of them has of Key when there are more.
template <class T, class Key>
struct JsonPage {
    JsonList<T> items;
    std::optional<Key> last;
};

// A field as the member of type T that it fills would be written.
template <class T>
void write_cell(std::string& out, const Cell& cell) {
    constexpr bool document = describe::list_like<T> || describe::map_like<T> ||
                              describe::json_like<T> || describe::described_struct<T>;
    if constexpr (describe::is_a<T, std::optional>) {
        if (cell.kind == Cell::Kind::null) {
            out += "null";
        } else {
            write_cell<typename T::value_type>(out, cell);
        }
    } else if constexpr (document) {
        if (cell.kind == Cell::Kind::null) {
            describe::write(out, T{});
        } else {
            out += cell.text;
        }
    } else if constexpr (std::is_same_v<T, std::string> || describe::described_enum<T>) {
        describe::write_string(out, cell.text);
    } else {
        T value{};
        read_cell(cell, value);
        describe::write(out, value);
    }
}

// What stands before the members of T, `,"name":` each, and the columns that fill them.
template <describe::described_struct T>
struct JsonColumns {
    static constexpr auto members = boost::mp11::mp_size<describe::members_of<T>>::value;
    std::array<std::string, members> keys;
    std::array<std::optional<std::size_t>, members> columns;

    explicit JsonColumns(const Result& result) {
        std::size_t next = 0;
        describe::for_each_member<T>([&](std::string_view name, auto) {
            keys[next] = fmt::format("{}\"{}\":", next == 0 ? "{" : ",", name);
            for (std::size_t column = 0; column < result.columns(); ++column) {
                if (result.column(column) == name) columns[next] = column;
            }
            ++next;
        });
    }
};

// The first `most` rows as a JSON list of T, each member from the column of its name.
template <describe::described_struct T>
JsonList<T> json_rows(const Result& result, std::size_t most) {
    const JsonColumns<T> names(result);
    JsonList<T> list{"["};
    auto& out = list.text;
    auto rows = std::min(result.rows(), most);
    for (std::size_t row = 0; row < rows; ++row) {
        if (row > 0) out += ',';
        std::size_t next = 0;
        describe::for_each_member<T>([&](std::string_view, auto pointer) {
            using Member = std::remove_cvref_t<decltype(std::declval<T&>().*pointer)>;
            out += names.keys[next];
            auto column = names.columns[next++];
            write_cell<Member>(out, column ? result.cell(row, *column) : Cell{});
        });
        out += '}';
        // The first row tells how long the others will be.
        if (row == 0) out.reserve(out.size() * (rows + 1));
    }
    out += ']';
    return list;
}

// For statements that ask for one row more than `size`.
template <class T, class Key>
JsonPage<T, Key> json_page(const Result& result, std::size_t size) {
    JsonPage<T, Key> page{json_rows<T>(result, size), std::nullopt};
    if (result.rows() > size) page.last = row_as<Key>(result, size - 1);
    return page;
}

}  // namespace afterresume::sql
