#include "infra/sql/migrations_plan.h"
#include "infra/sql/sqlite_error.h"
#include "infra/sql/sqlite_library.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <memory>

namespace afterresume::sql {

namespace {

struct Closer {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, Closer>;

constexpr int busy_milliseconds = 30'000;

void execute(sqlite3* connection, const std::string& sql, std::string_view what) {
    auto code = sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        throw sqlite_error(connection, sqlite3_extended_errcode(connection), what);
}

Connection open(const std::filesystem::path& file) {
    set_up_sqlite();
    sqlite3* opened = nullptr;
    auto code = sqlite3_open_v2(
        file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr
    );
    Connection connection(opened);
    if (code == SQLITE_OK)
        code = sqlite3_exec(opened, "PRAGMA schema_version", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        auto why =
            (code & 0xff) == SQLITE_NOTADB ? "is not an SQLite database" : "cannot be opened";
        throw SqliteError(
            ErrorKind::unavailable, "sql.away",
            fmt::format("The database {} {}.", file.string(), why),
            {"open", code, opened != nullptr ? sqlite3_errmsg(opened) : "no memory"}
        );
    }
    sqlite3_busy_timeout(opened, busy_milliseconds);
    return connection;
}

// Only its owner may read the database, and the files that SQLite puts beside it take over its
// mode.
void make_file(const std::filesystem::path& file) {
    auto descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw Error(
            ErrorKind::unavailable, "sql.away",
            fmt::format("The database {} cannot be made.", file.string())
        );
    }
    ::close(descriptor);
}

std::vector<AppliedMigration> applied(sqlite3* connection) {
    std::vector<AppliedMigration> out;
    sqlite3_stmt* statement = nullptr;
    auto* sql = "SELECT version, name, checksum FROM schema_migration ORDER BY version";
    if (sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr) != SQLITE_OK) {
        if (sqlite3_errcode(connection) == SQLITE_ERROR) return out;
        throw sqlite_error(connection, sqlite3_extended_errcode(connection), "migrate");
    }
    auto text = [&](int column) {
        return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
    };
    while (sqlite3_step(statement) == SQLITE_ROW)
        out.push_back({sqlite3_column_int(statement, 0), text(1), text(2)});
    sqlite3_finalize(statement);
    return out;
}

void apply(sqlite3* connection, const Migration& migration) {
    using namespace std::chrono;
    auto code = sqlite3_exec(connection, migration.sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK && is_disk_full(code))
        throw sqlite_error(connection, code, migration.name);
    if (code != SQLITE_OK) {
        throw Error(
            ErrorKind::internal, "sql.migration_failed",
            fmt::format("The migration {} failed: {}.", migration.name, sqlite3_errmsg(connection))
        );
    }
    auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    execute(
        connection,
        fmt::format(
            "INSERT INTO schema_migration VALUES ({}, '{}', '{}', {})", migration.version,
            migration.name, migration.checksum, now
        ),
        migration.name
    );
}

}  // namespace

MigrationReport migrate_sqlite(const std::filesystem::path& file, MigrationFiles files) {
    make_file(file);
    auto connection = open(file);
    auto* database = connection.get();
    auto all = list_migrations(files, Dialect::sqlite);
    MigrationReport report{.version = all.empty() ? 0 : all.back().version, .applied = {}};
    if (left_to_apply(all, applied(database)).empty()) return report;

    execute(
        database,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; BEGIN "
        "IMMEDIATE;",
        "migrate"
    );
    // Read again now that no other process can migrate.
    auto before = applied(database);
    auto left = left_to_apply(std::move(all), before);
    execute(
        database,
        "CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT "
        "NULL, "
        "checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
        "migrate"
    );
    for (auto& migration : left) {
        apply(database, migration);
        report.applied.push_back(migration.name);
        // A new database comes to be at once; an old one keeps what went well.
        if (!before.empty()) execute(database, "COMMIT; BEGIN IMMEDIATE", migration.name);
    }
    execute(database, "COMMIT", "migrate");
    return report;
}

bool is_current_sqlite(const std::filesystem::path& file, MigrationFiles files) {
    if (!std::filesystem::exists(file)) return false;
    auto connection = open(file);
    return left_to_apply(list_migrations(files, Dialect::sqlite), applied(connection.get()))
        .empty();
}

}  // namespace afterresume::sql
