#include "infra/sql/postgres_fences.h"

#include "core/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace afterresume::sql {

namespace {

constexpr std::size_t longest_name = 63;

constexpr std::string_view own_tenant =
    "tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint";
constexpr std::string_view own_user = "nullif(current_setting('app.user_id', true), '')::bigint";
constexpr std::string_view every_row = "true";

Error wrong_roles(const std::string& message) {
    return Error(ErrorKind::unavailable, "sql.roles", message);
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether a role exists; throws for one that no policy binds.
bool exists(PostgresSession& owner, const std::string& role) {
    auto found =
        owner.rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = $1", {role});
    if (found.empty()) return false;
    bool boundless = found.front().front() == "t";
    if (boundless || role == owner.role()) {
        throw wrong_roles(fmt::format(
            "The role {} is the owner's or passes row level security; it has to be a plain role: "
            "ALTER ROLE {} "
            "NOSUPERUSER NOBYPASSRLS;",
            role, owner.identifier(role)
        ));
    }
    return true;
}

std::string role_sql(PostgresSession& owner, const PostgresLogin& login, bool existing) {
    return fmt::format(
        "{} ROLE {} LOGIN PASSWORD {};", existing ? "ALTER" : "CREATE",
        owner.identifier(login.role),
        owner.literal(owner.password_verifier(login.role, login.password))
    );
}

struct Table {
    std::string name;
    bool partition = false;
    bool tenant = false;
    bool fenced = false;
};

class Fences {
public:
    Fences(PostgresSession& owner, const FenceOptions& options)
        : owner_(owner), options_(options) {}

    void apply() {
        owner_.execute("BEGIN");
        try {
            grant_basics();
            for (const auto& table : tables()) {
                if (table.tenant) {
                    fence(table);
                } else if (const auto* users = user_table(table.name)) {
                    fence(table, *users);
                }
                if (!table.partition) grant(table.name);
            }
            views();
            functions();
            owner_.execute("COMMIT");
        } catch (...) {
            owner_.execute("ROLLBACK");
            throw;
        }
    }

private:
    std::string id(std::string_view name) const { return owner_.identifier(name); }
    std::string all_roles() const {
        return fmt::format(
            "{}, {}, {}", id(options_.app_role), id(options_.engine_role),
            id(options_.operator_role)
        );
    }

    std::vector<Table> tables() {
        std::vector<Table> tables;
        auto rows = owner_.rows(
            "SELECT c.relname, c.relispartition, a.attnum IS NOT NULL, c.relrowsecurity AND "
            "c.relforcerowsecurity "
            "FROM pg_class c LEFT JOIN pg_attribute a "
            "ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
            "AND pg_has_role(c.relowner, 'USAGE') ORDER BY c.relname"
        );
        for (const auto& row : rows)
            tables.push_back({*row[0], row[1] == "t", row[2] == "t", row[3] == "t"});
        return tables;
    }

    const UserTable* user_table(const std::string& name) const {
        for (const auto& table : options_.tables.user_tables) {
            if (table.name == name) return &table;
        }
        return nullptr;
    }

    void close_to_all_but_owner(const Table& table) {
        if (!table.fenced) {
            owner_.execute(fmt::format(
                "ALTER TABLE {0} ENABLE ROW LEVEL SECURITY; ALTER TABLE {0} FORCE ROW LEVEL "
                "SECURITY",
                id(table.name)
            ));
        }
        policy(table.name, "fence_owner", "ALL", owner_.role(), every_row);
    }

    void fence(const Table& table, const UserTable& users) {
        close_to_all_but_owner(table);
        auto* key = users.membership.empty() ? "user_id" : "id";
        policy(
            table.name, "fence_app", "ALL", options_.app_role, fmt::format("{} = {}", key, own_user)
        );
        open_to_engine(table);
        if (users.membership.empty()) return;
        auto members = fmt::format(
            "EXISTS (SELECT 1 FROM {0} WHERE {0}.user_id = {1}.id AND {0}.{2})",
            id(users.membership), id(table.name), own_tenant
        );
        policy(table.name, "fence_members", "SELECT", options_.app_role, members);
    }

    void fence(const Table& table) {
        close_to_all_but_owner(table);
        if (table.partition) return;
        policy(table.name, "fence_app", "ALL", options_.app_role, own_tenant);
        open_to_engine(table);
    }

    void open_to_engine(const Table& table) {
        if (!contains(options_.tables.engine_tables, table.name)) return;
        policy(table.name, "fence_engine", "ALL", options_.engine_role, every_row);
        policy(table.name, "fence_operator", "SELECT", options_.operator_role, every_row);
    }

    // A policy carries its definition as comment, by which it is known to be as it must be.
    void policy(
        const std::string& table, std::string_view name, std::string_view command,
        const std::string& role, std::string_view rows
    ) {
        auto definition = fmt::format(
            "FOR {} TO {} USING ({}){}", command, id(role), rows,
            command == "SELECT" ? "" : fmt::format(" WITH CHECK ({})", rows)
        );
        auto found = owner_.rows(
            "SELECT obj_description(p.oid, 'pg_policy') FROM pg_policy p "
            "WHERE p.polname = $1 AND p.polrelid = ('public.' || quote_ident($2))::regclass",
            {std::string(name), table}
        );
        if (!found.empty() && found.front().front() == definition) return;
        owner_.execute(fmt::format(
            "DROP POLICY IF EXISTS {0} ON {1}; CREATE POLICY {0} ON {1} {2}; COMMENT ON POLICY {0} "
            "ON {1} IS {3}",
            name, id(table), definition, owner_.literal(definition)
        ));
    }

    void grant_basics() {
        owner_.execute(
            fmt::format("GRANT CONNECT ON DATABASE {} TO {}", id(owner_.database()), all_roles())
        );
        owner_.execute(fmt::format("GRANT USAGE ON SCHEMA public TO {}", all_roles()));
        owner_.execute(fmt::format(
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}, {}",
            id(options_.app_role), id(options_.engine_role)
        ));
    }

    void grant(const std::string& table) {
        std::string_view rights = "SELECT, INSERT, UPDATE, DELETE";
        if (contains(options_.tables.append_only_tables, table)) rights = "SELECT, INSERT";
        if (contains(options_.owner_tables, table)) rights = "SELECT";
        auto sql = fmt::format(
            "REVOKE ALL ON {0} FROM PUBLIC, {1}; GRANT {2} ON {0} TO {3};", id(table), all_roles(),
            rights, id(options_.app_role)
        );
        if (contains(options_.tables.engine_tables, table)) {
            sql += fmt::format(
                " GRANT {1} ON {0} TO {2};", id(table), rights, id(options_.engine_role)
            );
            sql += fmt::format(" GRANT SELECT ON {} TO {};", id(table), id(options_.operator_role));
        }
        owner_.execute(sql);
    }

    // A view reads as its owner, past the fences, unless it is told to read as who asks.
    void views() {
        for (const auto& row : owner_.rows(
                 "SELECT relname, coalesce(reloptions @> '{security_invoker=true}', false) FROM "
                 "pg_class "
                 "WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' "
                 "AND pg_has_role(relowner, 'USAGE') AND NOT EXISTS "
                 "(SELECT 1 FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e')"
             )) {
            if (row[1] != "t")
                owner_.execute(
                    fmt::format("ALTER VIEW {} SET (security_invoker = true)", id(*row[0]))
                );
            owner_.execute(fmt::format(
                "REVOKE ALL ON {0} FROM PUBLIC, {1}; GRANT SELECT ON {0} TO {2}, {3}", id(*row[0]),
                all_roles(), id(options_.app_role), id(options_.engine_role)
            ));
        }
    }

    // What is for operators reads past the fences, and is the engine's alone.
    void functions() {
        for (const auto& row :
             owner_.rows("SELECT p.oid::regprocedure, starts_with(p.proname, 'operators_') FROM "
                         "pg_proc p WHERE p.pronamespace = "
                         "'public'::regnamespace "
                         "AND pg_has_role(p.proowner, 'USAGE') AND NOT EXISTS "
                         "(SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')")) {
            auto engine = id(options_.engine_role);
            auto app = id(options_.app_role);
            owner_.execute(fmt::format(
                "REVOKE ALL ON ROUTINE {0} FROM PUBLIC, {1}; GRANT EXECUTE ON ROUTINE {0} TO {2}",
                *row[0], app, row[1] == "t" ? engine : fmt::format("{}, {}", app, engine)
            ));
        }
    }

    PostgresSession& owner_;
    const FenceOptions& options_;
};

}  // namespace

PostgresRoles roles_of(
    const std::string& database, const std::function<std::string(const std::string&)>& password
) {
    auto login = [&](std::string_view suffix) {
        auto role = database.substr(0, longest_name - suffix.size()).append(suffix);
        return PostgresLogin{role, password(role)};
    };
    return {login("_app"), login("_engine"), login("_operator")};
}

void ensure_roles(PostgresSession& owner, const PostgresRoles& roles) {
    std::string by_hand;
    for (const auto* login : {&roles.app, &roles.engine, &roles.op}) {
        bool existing = exists(owner, login->role);
        auto sql = role_sql(owner, *login, existing);
        try {
            owner.execute(sql);
        } catch (const Error&) {
            if (!existing) by_hand += sql + "\n";
        }
    }
    if (!by_hand.empty())
        throw wrong_roles("Roles are missing and may not be made. Run as a superuser:\n" + by_hand);
}

void apply_fences(PostgresSession& owner, const FenceOptions& options) {
    for (const auto* role : {&options.app_role, &options.engine_role, &options.operator_role}) {
        if (!exists(owner, *role))
            throw wrong_roles(fmt::format("The role {} does not exist.", *role));
    }
    Fences(owner, options).apply();
}

}  // namespace afterresume::sql
