// Opens and migrates the database that the settings name.
#pragma once

#include "app/key_fingerprints.h"
#include "infra/config/load.h"
#include "infra/observability/log.h"
#include "infra/sql/database.h"
#include "infra/sql/migrations.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace afterresume::app {

// Throws what migrations.h and key_fingerprints.h say; with a key that the database does not know
// its roles keep their passwords.
sql::MigrationReport migrate(
    const config::Settings& settings, const std::string& secret, NewKeys accepted = {}
);
// What open_database logs in with to PostgreSQL. Roles that the owner may not change are left
// alone.
void give_roles_passwords(const config::Settings& settings, const std::string& secret);
// Throws Error(conflict, "app.stale_schema") when `migrate` has work to do.
void require_current_schema(const config::Settings& settings);
// As whom the engine's connections log in to the database of that URL.
sql::PostgresLogin engine_login(const std::string& url, const std::string& secret);
std::unique_ptr<sql::Database> open_database(
    boost::asio::io_context& io, const config::Settings& settings, const std::string& secret,
    observability::Log& log
);
// As the owner of its tables, whom no fence of PostgreSQL binds, and none of SQLite where something
// is sealed: for what comes before all else, and for resealing.h.
std::unique_ptr<sql::Database> open_owners_database(
    boost::asio::io_context& io, const config::Settings& settings
);
// How workers::Parts::open_for_beat opens PostgreSQL: for transactions of the engine alone. Empty
// on SQLite.
std::function<std::unique_ptr<sql::Database>(boost::asio::io_context&)> beat_opener(
    const config::Settings& settings, const std::string& secret, observability::Log& log
);

}  // namespace afterresume::app
