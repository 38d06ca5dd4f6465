#include "app/databases.h"

#include "embedded/migrations.h"
#include "engine/jobs/partitions.h"
#include "infra/crypto/crypto.h"
#include "infra/sql/postgres.h"
#include "infra/sql/sqlite.h"

#include <boost/url/parse.hpp>

namespace afterresume::app {

namespace {

sql::PostgresRoles roles_for(const std::string& url, const std::string& secret) {
    auto parsed = boost::urls::parse_uri(url);
    if (!parsed) throw Error(ErrorKind::invalid, "config.invalid", "DATABASE_URL is no URL.");
    std::string name(parsed->path());
    auto password_of = [&secret](const std::string& role) {
        return crypto::hex(crypto::subkey(secret, "database role " + role));
    };
    return sql::roles_of(name.size() > 1 ? name.substr(1) : "postgres", password_of);
}

sql::PostgresOptions postgres_options(
    const config::Settings& settings, const std::string& secret, observability::Log& log
) {
    auto target = config::database_target(settings);
    auto roles = roles_for(target.url, secret);
    sql::PostgresOptions options;
    options.url = target.url;
    // There is a way past a proxy where there is a proxy.
    options.prepare = settings.database_listen_url.empty();
    options.app = roles.app;
    options.engine = roles.engine;
    options.on_failure = [&log](const sql::PostgresFailure& failure) {
        log.error("sql", "{}: {} {}", failure.statement, failure.sqlstate, failure.message);
    };
    return options;
}

}  // namespace

sql::MigrationReport migrate(
    const config::Settings& settings, const std::string& secret, NewKeys accepted
) {
    auto target = config::database_target(settings);
    if (!target.postgres) {
        auto report = sql::migrate_sqlite(target.file, embedded::migrations());
        keep_keys(settings, secret, accepted);
        return report;
    }
    sql::PostgresOwnerOptions options;
    options.url = target.owner_url;
    options.roles = roles_for(target.url, secret);
    options.before_roles = [&] { keep_keys(settings, secret, accepted); };
    auto report = sql::migrate_postgres(options, embedded::migrations());
    sql::PostgresSession owner(target.owner_url);
    jobs::make_partitions(owner, SystemClock().now());
    return report;
}

void give_roles_passwords(const config::Settings& settings, const std::string& secret) {
    auto target = config::database_target(settings);
    if (!target.postgres) return;
    sql::PostgresSession owner(target.owner_url);
    sql::ensure_roles(owner, roles_for(target.url, secret));
}

void require_current_schema(const config::Settings& settings) {
    auto target = config::database_target(settings);
    auto current = target.postgres
                       ? sql::is_current_postgres(target.owner_url, embedded::migrations())
                       : sql::is_current_sqlite(target.file, embedded::migrations());
    if (!current)
        throw Error(
            ErrorKind::conflict, "app.stale_schema",
            "The database is older than this program; run `afterresume migrate` first."
        );
}

sql::PostgresLogin engine_login(const std::string& url, const std::string& secret) {
    return roles_for(url, secret).engine;
}

std::unique_ptr<sql::Database> open_owners_database(
    boost::asio::io_context& io, const config::Settings& settings
) {
    auto target = config::database_target(settings);
    if (!target.postgres) {
        sql::SqliteOptions options;
        options.file = target.file;
        options.fences = sql::table_fences(embedded::migrations());
        // What is sealed in them is sealed anew by the owner alone.
        for (const auto* table : {"totp", "tenant_export_chunk"})
            options.fences.engine_tables.emplace_back(table);
        return sql::open_sqlite(io, std::move(options));
    }
    sql::PostgresOptions options;
    options.url = target.owner_url;
    options.prepare = settings.database_listen_url.empty();
    options.pipelined_connections = 0;
    options.engine_connections = 1;
    return sql::open_postgres(io, std::move(options));
}

std::unique_ptr<sql::Database> open_database(
    boost::asio::io_context& io, const config::Settings& settings, const std::string& secret,
    observability::Log& log
) {
    auto target = config::database_target(settings);
    if (target.postgres) {
        auto options = postgres_options(settings, secret, log);
        options.pipelined_connections = static_cast<std::size_t>(settings.database_connections);
        return sql::open_postgres(io, std::move(options));
    }
    sql::SqliteOptions options;
    options.file = target.file;
    options.fences = sql::table_fences(embedded::migrations());
    options.on_failure = [&log](const sql::SqliteFailure& failure) {
        log.error("sql", "{}: {} {}", failure.statement, failure.code, failure.message);
    };
    return sql::open_sqlite(io, std::move(options));
}

std::function<std::unique_ptr<sql::Database>(boost::asio::io_context&)> beat_opener(
    const config::Settings& settings, const std::string& secret, observability::Log& log
) {
    if (!config::database_target(settings).postgres) return {};
    auto options = postgres_options(settings, secret, log);
    options.pipelined_connections = 0;
    options.engine_connections = 1;
    return [options](boost::asio::io_context& io) { return sql::open_postgres(io, options); };
}

}  // namespace afterresume::app
