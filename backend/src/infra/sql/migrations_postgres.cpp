#include "infra/sql/migrations_plan.h"

#include <fmt/format.h>

#include <stdexcept>

namespace afterresume::sql {

namespace {

// Any number, as long as every version of the program takes the same.
constexpr auto lock = "SELECT pg_advisory_lock(4951706213408)";

std::vector<AppliedMigration> applied(PostgresSession& owner) {
    std::vector<AppliedMigration> out;
    auto exists = owner.rows("SELECT to_regclass('public.schema_migration') IS NOT NULL");
    if (exists.front().front() != "t") return out;
    for (auto& row :
         owner.rows("SELECT version, name, checksum FROM schema_migration ORDER BY version")) {
        out.push_back({std::stoi(row[0].value()), row[1].value(), row[2].value()});
    }
    return out;
}

void apply(PostgresSession& owner, const Migration& migration) {
    auto row = fmt::format(
        "INSERT INTO schema_migration VALUES ({}, {}, {}, now())", migration.version,
        owner.literal(migration.name), owner.literal(migration.checksum)
    );
    try {
        owner.execute(fmt::format("{};\n{}", migration.sql, row));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::internal) throw;
        throw Error(
            ErrorKind::internal, "sql.migration_failed",
            fmt::format("The migration {} failed: {}", migration.name, error.what())
        );
    }
}

}  // namespace

MigrationReport migrate_postgres(const PostgresOwnerOptions& options, MigrationFiles files) {
    PostgresSession owner(options.url);
    owner.execute(lock);
    auto all = list_migrations(files, Dialect::postgres);
    MigrationReport report{.version = all.empty() ? 0 : all.back().version, .applied = {}};
    auto left = left_to_apply(std::move(all), applied(owner));
    owner.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT "
        "NULL, "
        "checksum text NOT NULL, applied_at timestamptz NOT NULL)"
    );
    for (auto& migration : left) {
        apply(owner, migration);
        report.applied.push_back(migration.name);
    }
    if (options.before_roles) options.before_roles();
    if (options.make_roles) ensure_roles(owner, options.roles);
    apply_fences(
        owner, {options.roles.app.role, options.roles.engine.role, options.roles.op.role,
                table_fences(files)}
    );
    return report;
}

bool is_current_postgres(const std::string& url, MigrationFiles files) {
    PostgresSession owner(url);
    return left_to_apply(list_migrations(files, Dialect::postgres), applied(owner)).empty();
}

}  // namespace afterresume::sql
