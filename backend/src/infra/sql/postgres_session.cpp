#include "infra/sql/postgres_session.h"

#include "infra/sql/postgres_result.h"
#include "infra/sql/postgres_version.h"

#include <array>
#include <stdexcept>

namespace afterresume::sql {

namespace {

// Whoever runs migrations is told what the server said.
Error refused(PGconn* connection, const PGresult* result) {
    auto error = error_of(result);
    return Error(
        error.kind(), error.code(), fmt::format("PostgreSQL: {}", PQerrorMessage(connection))
    );
}

struct FreeMemory {
    void operator()(char* memory) const { PQfreemem(memory); }
};
using PgText = std::unique_ptr<char, FreeMemory>;

}  // namespace

PostgresSession::PostgresSession(const std::string& url, const PostgresLogin& login) {
    std::vector<const char*> names{
        "dbname", "client_encoding", "application_name", "connect_timeout"
    };
    std::vector<const char*> values{url.c_str(), "UTF8", "afterresume", "10"};
    auto set = [&](const char* name, const std::string& value) {
        if (value.empty()) return;
        names.push_back(name);
        values.push_back(value.c_str());
    };
    set("user", login.role);
    set("password", login.password);
    names.push_back(nullptr);
    values.push_back(nullptr);
    std::unique_ptr<PGconn, decltype(&PQfinish)> made(
        PQconnectdbParams(names.data(), values.data(), 1), PQfinish
    );
    if (!made) throw std::bad_alloc();
    if (PQstatus(made.get()) != CONNECTION_OK) {
        throw Error(
            ErrorKind::unavailable, "sql.away",
            fmt::format("PostgreSQL: {}", PQerrorMessage(made.get()))
        );
    }
    require_supported(PQserverVersion(made.get()));
    PQsetNoticeProcessor(made.get(), [](void*, const char*) {}, nullptr);
    connection_ = made.release();
}

PostgresSession::~PostgresSession() { PQfinish(connection_); }

void PostgresSession::execute(const std::string& sql) {
    PgResult result(PQexec(connection_, sql.c_str()));
    auto status = PQresultStatus(result.get());
    bool fine =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    if (!fine) throw refused(connection_, result.get());
}

std::vector<PostgresSession::Row> PostgresSession::rows(
    const std::string& sql, const std::vector<std::string>& parameters
) {
    std::vector<const char*> values;
    for (const auto& parameter : parameters) values.push_back(parameter.c_str());
    auto count = static_cast<int>(values.size());
    PgResult result(
        PQexecParams(connection_, sql.c_str(), count, nullptr, values.data(), nullptr, nullptr, 0)
    );
    auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw refused(connection_, result.get());
    std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (int column = 0; column < PQnfields(result.get()); ++column) {
            auto at = static_cast<int>(row);
            auto& field = rows[row].emplace_back();
            if (!PQgetisnull(result.get(), at, column))
                field = PQgetvalue(result.get(), at, column);
        }
    }
    return rows;
}

std::string PostgresSession::database() const { return PQdb(connection_); }
std::string PostgresSession::role() const { return PQuser(connection_); }

std::string PostgresSession::identifier(std::string_view name) const {
    PgText quoted(PQescapeIdentifier(connection_, name.data(), name.size()));
    if (!quoted) throw std::invalid_argument("the name is no valid UTF-8");
    return quoted.get();
}

std::string PostgresSession::literal(std::string_view text) const {
    PgText quoted(PQescapeLiteral(connection_, text.data(), text.size()));
    if (!quoted) throw std::invalid_argument("the text is no valid UTF-8");
    return quoted.get();
}

std::string PostgresSession::password_verifier(const std::string& role, const std::string& password)
    const {
    PgText verifier(
        PQencryptPasswordConn(connection_, password.c_str(), role.c_str(), "scram-sha-256")
    );
    if (!verifier) throw std::runtime_error(PQerrorMessage(connection_));
    return verifier.get();
}

}  // namespace afterresume::sql
