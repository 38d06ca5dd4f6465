// Where what is kept lies. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

#include <cstdint>
#include <string>

namespace afterresume::config {

struct StoreSettings {
    std::string database_url;
    std::string database_owner_url;
    std::string postgres_host;
    std::int64_t postgres_port = 5432;
    std::string postgres_user;
    std::string postgres_password;
    std::string postgres_db;
    std::int64_t database_connections = 2;
    std::string database_listen_url;
    std::string redis_url;
};
BOOST_DESCRIBE_STRUCT(
    StoreSettings, (),
    (database_url, database_owner_url, postgres_host, postgres_port, postgres_user,
     postgres_password, postgres_db, database_connections, database_listen_url, redis_url)
)

constexpr auto notes(StoreSettings*) {
    using namespace describe;
    using S = StoreSettings;
    return std::tuple{
        note(
            &S::database_url,
            "postgres://user:password@host:port/name or sqlite:///path; SQLite in DATA_DIR when "
            "empty",
            secret{}
        ),
        note(
            &S::database_owner_url, "PostgreSQL role that migrates; DATABASE_URL when empty",
            secret{}
        ),
        note(&S::postgres_host, "PostgreSQL host, as another way to give DATABASE_URL"),
        note(&S::postgres_port, "PostgreSQL port", range{1, 65535}),
        note(&S::postgres_user, "PostgreSQL user"),
        note(&S::postgres_password, "PostgreSQL password", secret{}),
        note(&S::postgres_db, "PostgreSQL database"),
        note(
            &S::database_connections, "Pipelined PostgreSQL connections; about one a core",
            range{1, 64}
        ),
        note(
            &S::database_listen_url,
            "postgres://… past a proxy that shares sessions, such as PgBouncer in transaction "
            "mode, for notifications between processes; says that DATABASE_URL leads to one",
            secret{}
        ),
        note(
            &S::redis_url,
            "redis://user:password@host:port/database or rediss:// for TLS; holds rate limits over "
            "all processes and wakes the workers of others. When empty each process limits by "
            "itself, and PostgreSQL wakes",
            secret{}
        ),
    };
}

}  // namespace afterresume::config
