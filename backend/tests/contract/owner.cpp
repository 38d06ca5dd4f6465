#include "owner.h"

#include "infra/config/load.h"
#include "infra/sql/postgres_session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace afterresume::contract {

using Rows = std::vector<std::vector<std::string>>;

struct Owner::Connection {
    virtual ~Connection() = default;
    virtual Rows rows(const std::string& sql) = 0;
    virtual std::string columns_sql() const = 0;
};

namespace {

class OnPostgres : public Owner::Connection {
public:
    explicit OnPostgres(const std::string& url) : session_(url) {
        session_.execute("SET session_replication_role = replica");
    }
    Rows rows(const std::string& sql) override {
        Rows all;
        for (const auto& row : session_.rows(sql)) {
            auto& texts = all.emplace_back();
            for (const auto& field : row) texts.push_back(field.value_or("NULL"));
        }
        return all;
    }
    std::string columns_sql() const override {
        return "SELECT c.relname, a.attname, format_type(a.atttypid, NULL), NOT a.attnotnull "
               "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT "
               "a.attisdropped "
               "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT "
               "c.relispartition ORDER BY a.attnum";
    }

private:
    sql::PostgresSession session_;
};

class OnSqlite : public Owner::Connection {
public:
    explicit OnSqlite(const std::string& file) {
        sqlite3_open(file.c_str(), &connection_);
        sqlite3_busy_timeout(connection_, 30'000);
    }
    ~OnSqlite() override { sqlite3_close(connection_); }
    Rows rows(const std::string& sql) override {
        Rows all;
        auto collect = [](void* into, int columns, char** values, char**) {
            auto& row = static_cast<Rows*>(into)->emplace_back();
            for (int i = 0; i < columns; ++i) row.emplace_back(values[i] ? values[i] : "NULL");
            return 0;
        };
        if (sqlite3_exec(connection_, sql.c_str(), collect, &all, nullptr) != SQLITE_OK)
            throw std::runtime_error(sql + ": " + sqlite3_errmsg(connection_));
        return all;
    }
    std::string columns_sql() const override {
        return "SELECT t.name, c.name, c.type, NOT c.\"notnull\" AND NOT c.pk "
               "FROM sqlite_schema t, pragma_table_info(t.name) c "
               "WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY c.cid";
    }

private:
    sqlite3* connection_ = nullptr;
};

}  // namespace

Owner::Owner(const config::Settings& settings) {
    auto target = config::database_target(settings);
    if (target.postgres) {
        connection_ = std::make_unique<OnPostgres>(target.owner_url);
    } else {
        connection_ = std::make_unique<OnSqlite>(target.file);
    }
}

Owner::~Owner() = default;

Rows Owner::rows(const std::string& sql) { return connection_->rows(sql); }

std::int64_t Owner::count(const std::string& table, const std::string& where) {
    auto found = rows(fmt::format("SELECT count(*) FROM {} WHERE {}", table, where));
    return std::stoll(found.at(0).at(0));
}

void Owner::insert(const std::string& table, const std::map<std::string, std::string>& literals) {
    std::vector<std::string> names, values;
    for (const auto& [name, value] : literals) {
        names.push_back('"' + name + '"');
        values.push_back(value);
    }
    rows(fmt::format(
        "INSERT INTO {} ({}) VALUES ({})", table, fmt::join(names, ", "), fmt::join(values, ", ")
    ));
}

std::map<std::string, std::vector<Column>> Owner::tables_with(const std::string& column) {
    std::map<std::string, std::vector<Column>> tables;
    for (const auto& row : rows(connection_->columns_sql()))
        tables[row[0]].push_back({row[1], row[2], row[3] == "t" || row[3] == "1"});
    std::erase_if(tables, [&](const auto& table) {
        return std::ranges::find(table.second, column, &Column::name) == table.second.end();
    });
    return tables;
}

}  // namespace afterresume::contract
