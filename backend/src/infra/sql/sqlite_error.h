// What SQLite's result codes mean to the program. Inside the SQLite driver and the migrator only.
#pragma once

#include "core/error.h"
#include "infra/sql/sqlite.h"

#include <string_view>

struct sqlite3;

namespace afterresume::sql {

// An Error that still knows what SQLite said.
class SqliteError final : public Error {
public:
    SqliteError(ErrorKind kind, std::string code, const std::string& message, SqliteFailure failure)
        : Error(kind, std::move(code), message), failure_(std::move(failure)) {}
    const SqliteFailure& failure() const { return failure_; }

private:
    SqliteFailure failure_;
};

// Of what just failed on the connection.
SqliteError sqlite_error(sqlite3* connection, int code, std::string_view statement);

// Whether nothing but room was missing. To be asked right after the call that failed.
bool is_disk_full(int code);

}  // namespace afterresume::sql
