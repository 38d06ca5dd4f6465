// What is left to apply, the same for both databases. Inside the migrator only.
#pragma once

#include "infra/sql/migrations.h"

#include <vector>

namespace afterresume::sql {

// A row of schema_migration.
struct AppliedMigration {
    int version = 0;
    std::string name;
    std::string checksum;
};

// Throws Error(conflict): "sql.schema_newer", "sql.migration_changed".
std::vector<Migration> left_to_apply(
    std::vector<Migration> all, const std::vector<AppliedMigration>& applied
);

}  // namespace afterresume::sql
