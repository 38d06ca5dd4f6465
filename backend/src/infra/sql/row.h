// Rows on their way out of a statement, mapped to described structs by column name.
#pragma once

#include "core/describe/reader.h"
#include "infra/sql/value.h"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>

namespace afterresume::sql {

// One field as the drivers deliver it; views live as long as their Result. Times arrive as
// `integer` Unix milliseconds; dates as `integer` days since 1970 or as ISO `text`; uuids as 16
// bytes or canonical `text`.
struct Cell {
    enum class Kind : std::uint8_t { null, integer, real, text, bytes };
    Kind kind = Kind::null;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view text;
};

// What a statement returned, whole and detached from the connection.
class Result {
public:
    virtual ~Result() = default;
    virtual std::size_t rows() const = 0;
    virtual std::size_t columns() const = 0;
    virtual std::string_view column(std::size_t index) const = 0;
    virtual Cell cell(std::size_t row, std::size_t column) const = 0;
    // Rows inserted, updated or deleted.
    virtual std::int64_t changed() const = 0;
};

void from_cell(const Cell& cell, bool& out);
void from_cell(const Cell& cell, std::int64_t& out);
void from_cell(const Cell& cell, double& out);
void from_cell(const Cell& cell, std::string& out);
void from_cell(const Cell& cell, Blob& out);
void from_cell(const Cell& cell, Timestamp& out);
void from_cell(const Cell& cell, LocalDate& out);
void from_cell(const Cell& cell, Uuid& out);

template <class T>
void read_cell(const Cell& cell, T& out) {
    if constexpr (describe::is_a<T, std::optional>) {
        if (cell.kind == Cell::Kind::null) {
            out.reset();
        } else {
            read_cell(cell, out.emplace());
        }
    } else if constexpr (describe::id_like<T>) {
        from_cell(cell, out.value);
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        std::int64_t wide = 0;
        from_cell(cell, wide);
        out = static_cast<T>(wide);
    } else if constexpr (describe::described_enum<T>) {
        auto found = describe::enum_named<T>(cell.text);
        if (!found)
            throw std::logic_error(fmt::format("the database holds an unknown name: {}", cell.text)
            );
        out = *found;
    } else if constexpr (std::is_same_v<T, RawJson>) {
        out.text = cell.kind == Cell::Kind::null ? "null" : std::string(cell.text);
    } else if constexpr (describe::list_like<T> || describe::map_like<T> ||
                         describe::json_like<T> || describe::described_struct<T>) {
        if (cell.kind == Cell::Kind::null) return;
        out = describe::parse<T>(cell.text);
    } else {
        from_cell(cell, out);
    }
}

// Every column that has a member of its name fills it; members without a column keep their default.
// A type that is no described struct takes the first column.
template <class T, class Visit>
void for_each_filled(const Result& result, Visit visit) {
    describe::for_each_member<T>([&](std::string_view name, auto pointer) {
        for (std::size_t column = 0; column < result.columns(); ++column) {
            if (result.column(column) != name) continue;
            visit(column, pointer);
            break;
        }
    });
}

template <class T>
std::vector<T> rows_as(const Result& result) {
    std::vector<T> out(result.rows());
    if constexpr (describe::described_struct<T>) {
        for_each_filled<T>(result, [&](std::size_t column, auto pointer) {
            for (std::size_t row = 0; row < out.size(); ++row)
                read_cell(result.cell(row, column), out[row].*pointer);
        });
    } else {
        for (std::size_t row = 0; row < out.size(); ++row) read_cell(result.cell(row, 0), out[row]);
    }
    return out;
}

template <describe::described_struct T>
T row_as(const Result& result, std::size_t row) {
    T out;
    for_each_filled<T>(result, [&](std::size_t column, auto pointer) {
        read_cell(result.cell(row, column), out.*pointer);
    });
    return out;
}

}  // namespace afterresume::sql
