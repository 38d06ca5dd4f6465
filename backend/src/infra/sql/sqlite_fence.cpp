#include "infra/sql/sqlite_fence.h"

#include "infra/sql/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <functional>

namespace afterresume::sql {

namespace {

void execute(sqlite3* connection, const std::string& sql) {
    auto code = sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        throw sqlite_error(connection, sqlite3_extended_errcode(connection), "fence");
}

using Fields = std::vector<std::string>;

std::vector<Fields> rows(sqlite3* connection, const char* sql) {
    std::vector<Fields> out;
    auto collect = [](void* into, int columns, char** values, char**) {
        auto& row = static_cast<std::vector<Fields>*>(into)->emplace_back();
        for (int column = 0; column < columns; ++column)
            row.emplace_back(values[column] ? values[column] : "");
        return 0;
    };
    auto code = sqlite3_exec(connection, sql, collect, &out, nullptr);
    if (code != SQLITE_OK)
        throw sqlite_error(connection, sqlite3_extended_errcode(connection), "fence");
    return out;
}

void give(sqlite3_context* context, const std::optional<std::int64_t>& id) {
    if (id) {
        sqlite3_result_int64(context, *id);
    } else {
        sqlite3_result_null(context);
    }
}

}  // namespace

SqliteFence::SqliteFence(sqlite3* connection, const SqliteOptions& options, Access access)
    : connection_(connection) {
    read_schema();
    names_.fenced_tables = tenant_tables_;
    for (auto& users : options.fences.user_tables) names_.fenced_tables.insert(users.name);
    define_functions();
    execute(connection_, "BEGIN");
    raise_views(options.fences);
    if (access == Access::write) raise_triggers(options.fences);
    execute(connection_, "COMMIT");
    sqlite3_set_authorizer(connection_, authorize, this);
}

SqliteFence::~SqliteFence() { sqlite3_set_authorizer(connection_, nullptr, nullptr); }

void SqliteFence::read_schema() {
    for (auto& row : rows(
             connection_,
             "SELECT t.name FROM main.sqlite_schema t, pragma_table_info(t.name, 'main') c "
             "WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND c.name = 'tenant_id'"
         )) {
        tenant_tables_.insert(row[0]);
    }
    for (auto& row : rows(
             connection_,
             "SELECT name FROM main.sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
         )) {
        virtual_tables_.push_back(row[0]);
        for (auto* part : {"data", "idx", "content", "docsize", "config"}) {
            names_.hidden_tables.insert(fmt::format("{}_{}", row[0], part));
        }
    }
    for (auto& row : rows(
             connection_,
             "SELECT t.name, k.\"table\" FROM main.sqlite_schema t, "
             "pragma_foreign_key_list(t.name, 'main') k WHERE t.type = 'table'"
         )) {
        neighbours_.emplace(row[0], row[1]);
        neighbours_.emplace(row[1], row[0]);
    }
}

void SqliteFence::define_functions() {
    auto define = [&](const char* name, int arguments, int flags, auto function) {
        sqlite3_create_function_v2(
            connection_, name, arguments, flags, this, function, nullptr, nullptr, nullptr
        );
    };
    constexpr int constant = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    define("current_tenant", 0, constant, current_tenant);
    define("current_user_id", 0, constant, current_user_id);
    define("current_engine", 0, constant, current_engine);
    define("ensure", 2, SQLITE_UTF8, ensure);
}

void SqliteFence::raise_views(const TableFences& fences) {
    auto hide = [&](const std::string& table, const std::string& shown) {
        execute(
            connection_,
            fmt::format(
                "CREATE TEMP VIEW \"{0}\" AS SELECT * FROM main.\"{0}\" WHERE {1}", table, shown
            )
        );
    };
    std::set<std::string> engine(fences.engine_tables.begin(), fences.engine_tables.end());
    for (auto& table : tenant_tables_) {
        auto* also = engine.contains(table) ? " OR current_engine()" : "";
        hide(table, fmt::format("tenant_id = current_tenant(){}", also));
    }
    for (auto& [table, membership] : fences.user_tables) {
        constexpr auto* members =
            "id = current_user_id() OR id IN (SELECT user_id FROM main.\"{}\" WHERE tenant_id = "
            "current_tenant())";
        auto shown =
            membership.empty() ? "user_id = current_user_id()" : fmt::format(members, membership);
        if (engine.contains(table)) shown += " OR current_engine()";
        hide(table, shown);
    }
}

void SqliteFence::trigger(
    const std::string& table, const char* event, const std::string& when, const char* raise
) {
    execute(
        connection_, fmt::format(
                         "CREATE TEMP TRIGGER fence_{0} BEFORE {1} ON main.\"{2}\" {3} BEGIN "
                         "SELECT RAISE({4}); END",
                         ++triggers_, event, table, when, raise
                     )
    );
}

template <class Own>
void SqliteFence::guard_rows(const std::string& table, Own own) {
    auto foreign = [&](const char* row) { return fmt::format("WHEN ({}) IS NOT TRUE", own(row)); };
    auto gives_away = fmt::format("WHEN ({}) IS TRUE AND ({}) IS NOT TRUE", own("OLD"), own("NEW"));
    trigger(table, "INSERT", foreign("NEW"), "ABORT, 'tenant fence'");
    trigger(table, "UPDATE", gives_away, "ABORT, 'tenant fence'");
    trigger(table, "UPDATE", foreign("OLD"), "IGNORE");
    trigger(table, "DELETE", foreign("OLD"), "IGNORE");
}

void SqliteFence::raise_triggers(const TableFences& fences) {
    std::set<std::string> engine_tables(fences.engine_tables.begin(), fences.engine_tables.end());
    for (auto& table : tenant_tables_) {
        auto* engine = engine_tables.contains(table) ? "current_engine() OR " : "";
        guard_rows(table, [&](const char* row) {
            return fmt::format("{}{}.tenant_id = current_tenant()", engine, row);
        });
    }
    for (auto& users : fences.user_tables) {
        auto* engine = engine_tables.contains(users.name) ? "current_engine() OR " : "";
        auto* key = users.membership.empty() ? "user_id" : "id";
        guard_rows(users.name, [&](const char* row) {
            return fmt::format("{}{}.{} = current_user_id()", engine, row, key);
        });
    }
    for (auto& table : fences.append_only_tables) {
        auto names = fmt::format("SELECT name FROM pragma_table_info('{}', 'main')", table);
        auto changed = unless_emptied(rows(connection_, names.c_str()));
        trigger(table, "UPDATE", changed, "ABORT, 'append only'");
        trigger(table, "DELETE", "", "ABORT, 'append only'");
    }
}

void SqliteFence::current_tenant(sqlite3_context* context, int, sqlite3_value**) {
    give(context, static_cast<SqliteFence*>(sqlite3_user_data(context))->reach_.tenant);
}

void SqliteFence::current_user_id(sqlite3_context* context, int, sqlite3_value**) {
    give(context, static_cast<SqliteFence*>(sqlite3_user_data(context))->reach_.user);
}

void SqliteFence::current_engine(sqlite3_context* context, int, sqlite3_value**) {
    sqlite3_result_int(
        context, static_cast<SqliteFence*>(sqlite3_user_data(context))->reach_.engine ? 1 : 0
    );
}

// As the function of the same name that migrations make on PostgreSQL.
void SqliteFence::ensure(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (sqlite3_value_int(arguments[0]) != 0) return sqlite3_result_null(context);
    const auto* code = reinterpret_cast<const char*>(sqlite3_value_text(arguments[1]));
    sqlite3_result_error(context, code == nullptr ? "" : code, -1);
    sqlite3_result_error_code(context, SQLITE_CONSTRAINT_FUNCTION);
}

// SQLite does so by statements of its own, which the authorizer would refuse.
void SqliteFence::connect_virtual_tables(std::string_view text) {
    if (!json_connected_ && text.find("json_each") != std::string_view::npos) {
        execute(connection_, "SELECT 1 FROM json_each('[]') LIMIT 0");
        json_connected_ = true;
    }
    for (auto& table : virtual_tables_) {
        if (text.find(table) == std::string_view::npos) continue;
        execute(connection_, fmt::format("SELECT 1 FROM main.\"{}\" LIMIT 0", table));
    }
}

}  // namespace afterresume::sql
