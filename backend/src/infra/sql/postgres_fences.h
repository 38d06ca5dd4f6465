// The second fence on PostgreSQL: who may log in, and which rows of which tables each role can
// reach. Run by migrate as the owner; everything here may be run again at any time.
#pragma once

#include "infra/sql/postgres_session.h"
#include "infra/sql/table_fences.h"

#include <functional>
#include <string>
#include <vector>

namespace afterresume::sql {

struct PostgresRoles {
    PostgresLogin app;
    PostgresLogin engine;
    PostgresLogin op;
};

// <database>_app, <database>_engine, <database>_operator; `password` derives one from the role's
// name.
PostgresRoles roles_of(
    const std::string& database, const std::function<std::string(const std::string&)>& password
);

// Makes the roles and sets their passwords: LOGIN, and neither SUPERUSER nor BYPASSRLS. Roles that
// exist and are as they must be are left alone where the owner may not change them. Throws
// Error(unavailable, "sql.roles"), whose message is the SQL to run by hand, when a role is missing
// or may do too much.
void ensure_roles(PostgresSession& owner, const PostgresRoles& roles);

struct FenceOptions {
    std::string app_role;
    std::string engine_role;
    std::string operator_role;
    // The engine's tables are read by the operator, too; what only grows is rewritten by the owner
    // alone.
    TableFences tables;
    // Tables that no role but the owner writes.
    std::vector<std::string> owner_tables{"schema_migration", "key_fingerprint"};
};

// After all migrations, in one transaction: row level security, policies and grants for the owner's
// tables, views and functions in the schema "public". A table with a tenant_id column shows the app
// role the rows of app.tenant_id only, none while it is unset; one of people is fenced by
// app.user_id; any other is granted whole. What is as it must be is not locked. Throws
// Error(unavailable, "sql.roles") when a role would pass its fence.
void apply_fences(PostgresSession& owner, const FenceOptions& options);

}  // namespace afterresume::sql
