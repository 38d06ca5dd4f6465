// What PostgreSQL answered: rows in its binary format, read field by field, and errors by their
// SQLSTATE.
#pragma once

#include "core/error.h"
#include "infra/sql/row.h"

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>

namespace afterresume::sql {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, ClearResult>;

class PostgresResult final : public Result {
public:
    explicit PostgresResult(PgResult result) : result_(std::move(result)) {}

    std::size_t rows() const override;
    std::size_t columns() const override;
    std::string_view column(std::size_t index) const override;
    // Throws std::logic_error for a column type that the program does not use.
    Cell cell(std::size_t row, std::size_t column) const override;
    std::int64_t changed() const override;

private:
    PgResult result_;
};

// Rows inserted, updated, deleted or merged by a statement; 0 for any other.
std::int64_t rows_changed(const PGresult* result);

// Whether the server refused what the program asked it to watch over: an answer, no failure.
bool is_conflict(std::string_view sqlstate);
// The error that the rest of the program sees; tells nothing of the database's insides but a
// constraint's name.
Error error_of(
    std::string_view sqlstate, std::string_view constraint, std::string_view message
);
Error error_of(const PGresult* result);
Error away();
Error busy();

}  // namespace afterresume::sql
