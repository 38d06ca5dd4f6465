// The rows of a SQLite statement, copied out: one string of bytes and a list of fields.
#pragma once

#include "infra/sql/row.h"

#include <memory>
#include <string>
#include <vector>

namespace afterresume::sql {

class SqliteResult final : public Result {
public:
    using Columns = std::shared_ptr<const std::vector<std::string>>;

    explicit SqliteResult(Columns columns) : columns_(std::move(columns)) {}

    std::size_t rows() const override {
        return columns_->empty() ? 0 : fields_.size() / columns_->size();
    }
    std::size_t columns() const override { return columns_->size(); }
    std::string_view column(std::size_t index) const override { return (*columns_)[index]; }
    std::int64_t changed() const override { return changed_; }

    Cell cell(std::size_t row, std::size_t column) const override {
        auto& field = fields_[row * columns_->size() + column];
        Cell cell;
        cell.kind = field.kind;
        if (field.kind == Cell::Kind::integer) cell.integer = field.integer;
        if (field.kind == Cell::Kind::real) cell.real = field.real;
        if (field.kind == Cell::Kind::text || field.kind == Cell::Kind::bytes) {
            cell.text = std::string_view(bytes_).substr(field.offset, field.size);
        }
        return cell;
    }

    // What the last result of the statement took, to have room at once.
    struct Room {
        std::size_t fields = 0;
        std::size_t bytes = 0;
    };
    Room room() const { return {fields_.size(), bytes_.size()}; }
    void reserve(Room room) {
        fields_.reserve(room.fields);
        bytes_.reserve(room.bytes);
    }

    void add_null() { fields_.emplace_back(); }
    void add_integer(std::int64_t value) {
        fields_.emplace_back(Cell::Kind::integer).integer = value;
    }
    void add_real(double value) { fields_.emplace_back(Cell::Kind::real).real = value; }
    void add_bytes(Cell::Kind kind, const char* data, std::size_t size) {
        auto& field = fields_.emplace_back(kind);
        field.offset = bytes_.size();
        field.size = static_cast<std::uint32_t>(size);
        bytes_.append(data, size);
    }
    void set_changed(std::int64_t changed) { changed_ = changed; }

private:
    struct Field {
        explicit Field(Cell::Kind of = Cell::Kind::null) : kind(of) {}
        Cell::Kind kind;
        std::uint32_t size = 0;
        union {
            std::int64_t integer = 0;
            double real;
            std::size_t offset;
        };
    };

    Columns columns_;
    std::vector<Field> fields_;
    std::string bytes_;
    std::int64_t changed_ = 0;
};

}  // namespace afterresume::sql
