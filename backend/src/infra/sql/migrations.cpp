#include "infra/sql/migrations.h"

#include "infra/sql/migrations_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>

namespace afterresume::sql {

namespace {

constexpr std::size_t digits = 4;

// The parts of 0001_name.sql, 0001_name.sqlite.sql and 0001_name.postgres.sql.
struct FileName {
    int version = 0;
    std::string name;
    std::string dialect;
};

bool take_suffix(std::string_view& text, std::string_view suffix) {
    if (!text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
}

FileName parse_name(std::string_view file) {
    FileName out;
    auto rest = file;
    auto sql = take_suffix(rest, ".sql");
    for (auto* dialect : {"sqlite", "postgres"}) {
        if (take_suffix(rest, fmt::format(".{}", dialect))) out.dialect = dialect;
    }
    auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    auto in_name = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; };
    auto number = rest.substr(0, digits);
    auto good = sql && rest.size() > digits + 1 && rest[digits] == '_' &&
                std::all_of(number.begin(), number.end(), is_digit) &&
                std::all_of(rest.begin(), rest.end(), in_name);
    if (!good) throw std::logic_error(fmt::format("{} is no name of a migration", file));
    for (auto c : number) out.version = out.version * 10 + (c - '0');
    out.name = rest;
    return out;
}

// FNV-1a with 64 bits (draft-eastlake-fnv); it tells edits apart, no attacks.
std::string checksum(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (auto c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return fmt::format("{:016x}", hash);
}

void add_names(std::vector<std::string>& out, std::string_view list) {
    while (!list.empty()) {
        auto end = std::min(list.find_first_of(", "), list.size());
        if (end > 0) out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

UserTable user_table(std::string_view line) {
    std::vector<std::string> words;
    add_names(words, line);
    if (words.size() != 3 || words[1] != "by")
        throw std::logic_error(
            fmt::format("`-- users:` is followed by `table by membership`: {}", line)
        );
    return {words[0], words[2]};
}

void add_own_tables(std::vector<UserTable>& out, std::string_view line) {
    std::vector<std::string> names;
    add_names(names, line);
    for (auto& name : names) out.push_back({std::move(name), {}});
}

}  // namespace

std::vector<Migration> list_migrations(MigrationFiles files, Dialect dialect) {
    struct Parts {
        std::string name;
        std::string_view shared;
        std::string_view own;
    };
    std::map<int, Parts> versions;
    for (auto& file : files) {
        auto parsed = parse_name(file.name);
        auto [at, is_new] = versions.try_emplace(parsed.version, Parts{parsed.name, {}, {}});
        if (at->second.name != parsed.name) {
            throw std::logic_error(fmt::format(
                "the migrations {} and {} have one number", at->second.name, parsed.name
            ));
        }
        if (parsed.dialect.empty()) at->second.shared = file.text;
        if (parsed.dialect == (dialect == Dialect::sqlite ? "sqlite" : "postgres"))
            at->second.own = file.text;
    }
    std::vector<Migration> out;
    for (auto& [version, parts] : versions) {
        auto shared =
            dialect == Dialect::sqlite ? to_sqlite_ddl(parts.shared) : std::string(parts.shared);
        auto written = fmt::format("{}\n{}", parts.shared, parts.own);
        out.push_back(
            {version, parts.name, fmt::format("{}\n{}", shared, parts.own), checksum(written)}
        );
    }
    return out;
}

TableFences table_fences(MigrationFiles files) {
    TableFences out;
    for (auto& file : files) {
        auto rest = file.text;
        while (!rest.empty()) {
            auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
            constexpr std::string_view engine = "-- engine:";
            constexpr std::string_view append_only = "-- append-only:";
            constexpr std::string_view users = "-- users:";
            constexpr std::string_view own = "-- own:";
            if (line.starts_with(engine)) add_names(out.engine_tables, line.substr(engine.size()));
            if (line.starts_with(append_only))
                add_names(out.append_only_tables, line.substr(append_only.size()));
            if (line.starts_with(users))
                out.user_tables.push_back(user_table(line.substr(users.size())));
            if (line.starts_with(own)) add_own_tables(out.user_tables, line.substr(own.size()));
        }
    }
    return out;
}

std::vector<Migration> left_to_apply(
    std::vector<Migration> all, const std::vector<AppliedMigration>& applied
) {
    for (auto& done : applied) {
        auto known = std::find_if(all.begin(), all.end(), [&](auto& migration) {
            return migration.version == done.version;
        });
        if (known == all.end()) {
            throw Error(
                ErrorKind::conflict, "sql.schema_newer",
                fmt::format(
                    "The database was migrated by a newer AfterResume ({} is unknown to this one). "
                    "Run that "
                    "version, or restore the backup made before the upgrade.",
                    done.name
                )
            );
        }
        if (known->checksum != done.checksum) {
            throw Error(
                ErrorKind::conflict, "sql.migration_changed",
                fmt::format(
                    "The migration {} is not what this database was migrated with.", done.name
                )
            );
        }
        all.erase(known);
    }
    return all;
}

}  // namespace afterresume::sql
