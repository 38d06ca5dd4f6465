// A blocking connection for what runs before the program serves: migrations, roles, fences, tests.
// Never used on the io_context's thread while it serves.
#pragma once

#include "infra/sql/postgres.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace afterresume::sql {

class PostgresSession {
public:
    // Throws Error: unavailable "sql.away" when there is no server, "sql.version" when it is one
    // that require_supported() refuses.
    explicit PostgresSession(const std::string& url, const PostgresLogin& login = {});
    ~PostgresSession();
    PostgresSession(const PostgresSession&) = delete;
    PostgresSession& operator=(const PostgresSession&) = delete;

    // One or several statements, which run as one transaction unless they say otherwise.
    void execute(const std::string& sql);
    // One statement with $1…; fields in PostgreSQL's text form, nullopt for NULL.
    using Row = std::vector<std::optional<std::string>>;
    std::vector<Row> rows(const std::string& sql, const std::vector<std::string>& parameters = {});

    std::string database() const;
    std::string role() const;
    // The text as a quoted identifier or literal.
    std::string identifier(std::string_view name) const;
    std::string literal(std::string_view text) const;
    // What the server may be told instead of the password (SCRAM-SHA-256, RFC 7677): its log never
    // sees the password.
    std::string password_verifier(const std::string& role, const std::string& password) const;

private:
    pg_conn* connection_;
};

}  // namespace afterresume::sql
