#include "infra/sql/row.h"

#include <algorithm>

namespace afterresume::sql {

namespace {

[[noreturn]] void unexpected(const char* wanted) {
    throw std::logic_error(fmt::format("a column does not hold {}", wanted));
}

}  // namespace

void from_cell(const Cell& cell, bool& out) {
    if (cell.kind != Cell::Kind::integer) unexpected("a boolean");
    out = cell.integer != 0;
}

void from_cell(const Cell& cell, std::int64_t& out) {
    if (cell.kind != Cell::Kind::integer) unexpected("an integer");
    out = cell.integer;
}

void from_cell(const Cell& cell, double& out) {
    if (cell.kind == Cell::Kind::integer) {
        out = static_cast<double>(cell.integer);
    } else if (cell.kind == Cell::Kind::real) {
        out = cell.real;
    } else {
        unexpected("a number");
    }
}

void from_cell(const Cell& cell, std::string& out) {
    if (cell.kind != Cell::Kind::text && cell.kind != Cell::Kind::bytes) unexpected("a text");
    out = cell.text;
}

void from_cell(const Cell& cell, Blob& out) { from_cell(cell, out.bytes); }

void from_cell(const Cell& cell, Timestamp& out) {
    if (cell.kind != Cell::Kind::integer) unexpected("an instant");
    out = Timestamp(std::chrono::milliseconds(cell.integer));
}

void from_cell(const Cell& cell, LocalDate& out) {
    if (cell.kind == Cell::Kind::integer) {
        out = LocalDate(std::chrono::sys_days(std::chrono::days(cell.integer)));
        return;
    }
    auto date = LocalDate::parse(cell.text);
    if (!date) unexpected("a date");
    out = *date;
}

void from_cell(const Cell& cell, Uuid& out) {
    if (cell.text.size() == out.bytes.size()) {
        std::copy(cell.text.begin(), cell.text.end(), out.bytes.begin());
        return;
    }
    auto id = Uuid::parse(cell.text);
    if (!id) unexpected("a uuid");
    out = *id;
}

}  // namespace afterresume::sql
