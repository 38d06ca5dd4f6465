#include "infra/sql/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <vector>

namespace afterresume::sql {

namespace {

using Names = std::vector<std::string>;

// First column of every row; what cannot be read is no name.
Names names(sqlite3* connection, const std::string& sql, const std::string& parameter) {
    Names out;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return out;
    sqlite3_bind_text(
        statement, 1, parameter.data(), static_cast<int>(parameter.size()), SQLITE_STATIC
    );
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (auto* text = sqlite3_column_text(statement, 0))
            out.emplace_back(reinterpret_cast<const char*>(text));
    }
    sqlite3_finalize(statement);
    return out;
}

// "t.a, t.b" → the table and its columns.
std::pair<std::string, Names> columns_of(std::string_view list) {
    std::string table;
    Names columns;
    while (!list.empty()) {
        auto end = list.find(", ");
        auto item = list.substr(0, end);
        auto dot = item.find('.');
        table = item.substr(0, dot);
        columns.emplace_back(dot == std::string_view::npos ? item : item.substr(dot + 1));
        list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 2);
    }
    return {table, columns};
}

// SQLite tells the columns of a broken key; PostgreSQL its name. An index made by name keeps it,
// any other is called as PostgreSQL would call it.
std::string constraint_name(sqlite3* connection, std::string_view message, bool primary) {
    constexpr std::string_view start = "UNIQUE constraint failed: ";
    if (message.starts_with(start)) message.remove_prefix(start.size());
    if (message.starts_with("index '")) return std::string(message.substr(7, message.size() - 8));
    auto [table, columns] = columns_of(message);
    for (auto& index : names(
             connection,
             "SELECT name FROM pragma_index_list(?1, 'main') WHERE \"unique\" AND origin = 'c'",
             table
         )) {
        if (names(
                connection, "SELECT name FROM pragma_index_info(?1, 'main') ORDER BY seqno", index
            ) == columns)
            return index;
    }
    return primary ? fmt::format("{}_pkey", table)
                   : fmt::format("{}_{}_key", table, fmt::join(columns, "_"));
}

bool is_unique(int code) {
    return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
           code == SQLITE_CONSTRAINT_ROWID;
}

// The key of a table is also reported as UNIQUE when it is no rowid; then its index has the origin
// pk.
bool is_primary(int code) { return code != SQLITE_CONSTRAINT_UNIQUE; }

SqliteError retried(SqliteError error) {
    std::move(static_cast<Error&>(error)).retry_after(1);
    return error;
}

}  // namespace

bool is_disk_full(int code) {
    // SQLite asks for ENOSPC only, and keeps no other reason of a failed commit than the system's
    // own.
    auto reason = errno;
    if ((code & 0xff) == SQLITE_FULL) return true;
    return (code & 0xff) == SQLITE_IOERR && (reason == EDQUOT || reason == EFBIG);
}

SqliteError sqlite_error(sqlite3* connection, int code, std::string_view statement) {
    auto full = is_disk_full(code);
    SqliteFailure failure{std::string(statement), code, sqlite3_errmsg(connection)};
    auto error = [&](ErrorKind kind, const char* name, const std::string& message) {
        return SqliteError(kind, name, message, std::move(failure));
    };
    if (full) {
        return error(
            ErrorKind::storage_full, "sql.disk_full", "The disk that holds the database is full."
        );
    }
    if (is_unique(code)) {
        auto name = constraint_name(connection, failure.message, is_primary(code));
        return error(
            ErrorKind::conflict, "sql.unique", fmt::format("This exists already ({}).", name)
        );
    }
    if (code == SQLITE_CONSTRAINT_FUNCTION) {
        auto name = failure.message;
        return error(ErrorKind::conflict, name.c_str(), "What had to hold does not hold any more.");
    }
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_INTERRUPT:
            return retried(
                error(ErrorKind::unavailable, "sql.busy", "The database is busy; try again.")
            );
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return retried(
                error(ErrorKind::unavailable, "sql.away", "The database cannot be reached.")
            );
        case SQLITE_CONSTRAINT:
            return error(ErrorKind::internal, "sql.constraint", "The database refused a value.");
        default:
            return error(ErrorKind::internal, "sql.failed", "The database refused a statement.");
    }
}

}  // namespace afterresume::sql
