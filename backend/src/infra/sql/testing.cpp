#include "infra/sql/testing.h"

#include "core/scope_mint.h"
#include "infra/sql/postgres.h"
#include "infra/sql/postgres_session.h"
#include "infra/sql/sqlite.h"

#include <fmt/format.h>
#include <boost/asio/executor_work_guard.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace afterresume::sql {

namespace {

constexpr std::chrono::seconds longest_silence{60};

std::string random_name() {
    std::array<std::uint8_t, 8> bytes{};
    random_bytes(bytes.data(), bytes.size());
    std::string name = "ar_test_";
    for (auto byte : bytes) name += fmt::format("{:02x}", byte);
    return name;
}

Scope owner_of(std::int64_t tenant, std::int64_t user) {
    Identity identity;
    identity.tenant = TenantId{tenant};
    identity.user = UserId{user};
    identity.role = Role::owner;
    return ScopeMint::mint(identity);
}

std::string with_database(const std::string& url, std::string_view database) {
    auto path = url.find_first_of("/?", url.find("://") + 3);
    auto query = url.find('?');
    auto rest = query == std::string::npos ? std::string() : url.substr(query);
    return fmt::format("{}/{}{}", url.substr(0, path), database, rest);
}

template <class Failure>
void tell(const Failure& failure) {
    std::fprintf(
        stderr, "[ failure  ] %s: %s\n", failure.statement.c_str(), failure.message.c_str()
    );
}

}  // namespace

std::optional<std::string> test_server_url() {
    const char* url = std::getenv("TEST_DATABASE_URL");
    if (!url || !*url) return std::nullopt;
    return url;
}

namespace {

void drop(PostgresSession& session, const std::string& database) {
    session.execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", database));
}

// A migrated database that PostgreSQL copies for each test of the process, which is several times
// faster than to migrate. The copies have its roles.
class TemplateDatabase {
public:
    TemplateDatabase(std::string server, MigrationFiles migrations) : server_(std::move(server)) {
        PostgresSession(server_).execute("CREATE DATABASE " + name_);
        migrate_postgres({.url = with_database(server_, name_), .roles = roles_}, migrations);
    }
    TemplateDatabase(const TemplateDatabase&) = delete;
    TemplateDatabase& operator=(const TemplateDatabase&) = delete;
    ~TemplateDatabase() {
        try {
            PostgresSession session(server_);
            drop(session, name_);
            for (const auto* login : {&roles_.app, &roles_.engine, &roles_.op})
                session.execute("DROP ROLE IF EXISTS " + session.identifier(login->role));
        } catch (const Error& error) {
            std::fprintf(stderr, "%s stays: %s\n", name_.c_str(), error.what());
        }
    }

    void copy_to(const std::string& name) const {
        PostgresSession(server_).execute(
            fmt::format("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, name_)
        );
    }
    const PostgresRoles& roles() const { return roles_; }

private:
    std::string server_;
    std::string name_ = random_name();
    PostgresRoles roles_ = roles_of(name_, [](const std::string& role) { return role; });
};

const TemplateDatabase& template_of(const std::string& server, MigrationFiles migrations) {
    static std::map<std::string, TemplateDatabase> made;
    auto key = server;
    for (const auto& file : migrations) key.append(file.name).append(file.text);
    return made.try_emplace(key, server, migrations).first->second;
}

}  // namespace

struct ScratchDatabase::Home {
    std::string name = random_name();
    TableFences fences;
    std::filesystem::path folder;
    std::string server;
    std::string url;
    PostgresRoles roles;

    void make_sqlite(MigrationFiles migrations) {
        folder = std::filesystem::temp_directory_path() / name;
        std::filesystem::create_directories(folder);
        migrate_sqlite(file(), migrations);
    }

    void make_postgres(MigrationFiles migrations) {
        server = test_server_url().value();
        url = with_database(server, name);
        const auto& model = template_of(server, migrations);
        roles = model.roles();
        model.copy_to(name);
    }

    ~Home() {
        std::error_code ignored;
        if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
        if (url.empty()) return;
        try {
            PostgresSession session(server);
            drop(session, name);
        } catch (const Error& error) {
            std::fprintf(stderr, "%s stays: %s\n", name.c_str(), error.what());
        }
    }

    std::filesystem::path file() const { return folder / "test.db"; }
};

ScratchDatabase::ScratchDatabase(Dialect dialect, MigrationFiles migrations)
    : dialect_(dialect),
      alice_(owner_of(1, 11)),
      bob_(owner_of(2, 22)),
      home_(std::make_unique<Home>()) {
    make(migrations);
}

ScratchDatabase::ScratchDatabase(Dialect dialect, std::string_view schema)
    : dialect_(dialect),
      alice_(owner_of(1, 11)),
      bob_(owner_of(2, 22)),
      home_(std::make_unique<Home>()) {
    std::array files{EmbeddedFile{"0001_scratch.sql", schema}};
    make(files);
}

ScratchDatabase::~ScratchDatabase() {
    database_.reset();
    io_.restart();
    io_.poll();
}

void ScratchDatabase::make(MigrationFiles migrations) {
    home_->fences = table_fences(migrations);
    if (dialect_ == Dialect::sqlite) {
        home_->make_sqlite(migrations);
    } else {
        home_->make_postgres(migrations);
    }
    database_ = open_on(io_);
}

std::unique_ptr<Database> ScratchDatabase::open_on(boost::asio::io_context& io) const {
    if (dialect_ == Dialect::sqlite) {
        SqliteOptions options;
        options.file = home_->file();
        options.fences = home_->fences;
        options.on_failure = tell<SqliteFailure>;
        return open_sqlite(io, std::move(options));
    }
    PostgresOptions options;
    options.url = home_->url;
    options.app = home_->roles.app;
    options.engine = home_->roles.engine;
    options.on_failure = tell<PostgresFailure>;
    return open_postgres(io, std::move(options));
}

void ScratchDatabase::run_until(const bool& ended) {
    auto guard = boost::asio::make_work_guard(io_);
    io_.restart();
    while (!ended) {
        if (io_.run_one_for(longest_silence) == 0)
            throw std::logic_error("the task waits for nothing");
    }
}

void ScratchDatabase::reopen() {
    run(database_->close());
    database_.reset();
    database_ = open_on(io_);
}

const std::string& ScratchDatabase::url() const { return home_->url; }

void ScratchDatabase::execute_as_owner(const std::string& sql) {
    PostgresSession(home_->url).execute(sql);
}

}  // namespace afterresume::sql
