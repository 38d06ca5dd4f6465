// PostgreSQL behind Database: pipelined connections for what needs one round trip, a small pool for
// transactions that lock or decide, and the engine's own set. Owned by app/; the io_context must
// outlive it.
#pragma once

#include "infra/sql/database.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace afterresume::sql {

// A role that logs in. An empty role logs in as the URL says.
struct PostgresLogin {
    std::string role;
    std::string password;
};

// A statement that the server refused or a connection that broke: for the log, never for people.
struct PostgresFailure {
    std::string statement;
    std::string sqlstate;
    std::string message;
};

struct PostgresOptions {
    // postgres://…: the server and the database. What it says of user and password is replaced by
    // the logins.
    std::string url{};
    // Bound by row level security to the tenant of the transaction.
    PostgresLogin app{};
    // Sees the engine's tables of all tenants.
    PostgresLogin engine{};

    // Shared by all reads and all writes that await nothing; one or two a core, never more.
    std::size_t pipelined_connections = 2;
    // For write transactions that await a result; made when first needed.
    std::size_t exclusive_connections = 6;
    // The same for the engine, beside its one pipelined connection.
    std::size_t engine_connections = 2;

    std::chrono::milliseconds lock_timeout{5'000};
    std::chrono::milliseconds statement_timeout{30'000};
    std::chrono::milliseconds idle_in_transaction_timeout{30'000};
    // How long a transaction waits for a connection of its own before it is turned away as
    // "sql.busy".
    std::chrono::milliseconds connection_wait{5'000};
    std::chrono::milliseconds connect_timeout{5'000};
    // Statements waiting for an answer, all in all; one more is turned away as "sql.busy".
    std::size_t queue_limit = 8'192;
    // Whether statements are prepared once a connection and the timeouts are set at its start. Off
    // behind a proxy that shares sessions, such as PgBouncer in transaction mode.
    bool prepare = true;

    // Called on the io_context's thread; must not throw or block.
    std::function<void(const PostgresFailure&)> on_failure{};
};

// Connects by itself, and again whenever the server was away; what is begun meanwhile fails with
// "sql.away". A server that require_supported() refuses counts as away. Throws Error(invalid) for a
// URL that cannot be read.
std::unique_ptr<Database> open_postgres(boost::asio::io_context& io, PostgresOptions options);

}  // namespace afterresume::sql
