// The one ordered list of schema changes for both databases, and what applies it. Blocking; run
// before the program serves.
//
// A file is called NNNN_name.sql, written with PostgreSQL's type names and mapped for SQLite
// (to_sqlite_ddl), or NNNN_name.sqlite.sql / NNNN_name.postgres.sql where one database needs its
// own; a number may have both, the shared file runs first. Comment lines `-- engine: table, table`,
// `-- append-only: table`, `-- users: table by membership` and `-- own: table` say how they are
// fenced.
#pragma once

#include "core/embedded_file.h"
#include "infra/sql/postgres_fences.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::sql {

using MigrationFiles = std::span<const EmbeddedFile>;

struct Migration {
    int version = 0;
    std::string name;
    // SQL of the dialect it was listed for; may be empty.
    std::string sql;
    // Of the files that the dialect runs, as they are written.
    std::string checksum;
};

// In order of version. Throws std::logic_error for a name that is not of the form above, or a
// number used twice.
std::vector<Migration> list_migrations(MigrationFiles files, Dialect dialect);

// How the tables of the list are fenced, as the drivers and apply_fences take it.
TableFences table_fences(MigrationFiles files);

// Shared DDL as SQLite takes it: column types (bigint, boolean, timestamptz → INTEGER; text, date,
// uuid, jsonb → TEXT; bytea → BLOB; double precision → REAL), CREATE TABLE … STRICT, and without
// PARTITION BY.
std::string to_sqlite_ddl(std::string_view sql);

struct MigrationReport {
    // Of the schema afterwards; 0 for a database without migrations.
    int version = 0;
    // Names of what this run applied.
    std::vector<std::string> applied;
};

// Makes the file (0600) if need be. Errors: conflict "sql.migration_changed" when an applied
// migration is no longer what it was; conflict "sql.schema_newer" when the database was migrated by
// a newer program; and those of opening.
MigrationReport migrate_sqlite(const std::filesystem::path& file, MigrationFiles files);
// Whether nothing is left to apply; the same errors. A file that does not exist is not current.
bool is_current_sqlite(const std::filesystem::path& file, MigrationFiles files);

struct PostgresOwnerOptions {
    // The owner's URL: who may create tables, and roles unless they exist.
    std::string url;
    // Who is granted what afterwards; made or updated when `make_roles`.
    PostgresRoles roles;
    bool make_roles = true;
    // Called once the schema is current, while nobody else migrates. What it throws leaves the
    // roles as they are.
    std::function<void()> before_roles{};
};

// The same for PostgreSQL, one at a time over all processes (advisory lock); ends with roles and
// fences.
MigrationReport migrate_postgres(const PostgresOwnerOptions& options, MigrationFiles files);
bool is_current_postgres(const std::string& url, MigrationFiles files);

}  // namespace afterresume::sql
