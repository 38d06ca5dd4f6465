// A database of its own for each test, on either engine. Owned by the test; its io_context runs
// only in run().
#pragma once

#include "infra/sql/database.h"
#include "infra/sql/migrations.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace afterresume::sql {

// The server of TEST_DATABASE_URL; nullopt when there is none.
std::optional<std::string> test_server_url();

class ScratchDatabase {
public:
    // With these migrations, such as embedded::migrations(). Throws on PostgreSQL when there is no
    // test server.
    ScratchDatabase(Dialect dialect, MigrationFiles migrations);
    // With one migration of this text, in the form that migrations.h describes.
    ScratchDatabase(Dialect dialect, std::string_view schema);
    ~ScratchDatabase();
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;

    Database& database() { return *database_; }
    boost::asio::io_context& io() { return io_; }
    Dialect dialect() const { return dialect_; }
    // Two users of two tenants, both owners: tenant 1 with user 11, tenant 2 with user 22. No row
    // is made for them.
    const Scope& alice() const { return alice_; }
    const Scope& bob() const { return bob_; }

    // Runs the io_context until the task ends; gives what it returned or throws what it threw.
    void run(Task<void> task) {
        bool ended = false;
        std::exception_ptr failure;
        boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr error) {
            failure = error;
            ended = true;
        });
        run_until(ended);
        if (failure) std::rethrow_exception(failure);
    }
    template <class T>
    T run(Task<T> task) {
        std::optional<T> answer;
        run(keep(std::move(task), answer));
        return std::move(*answer);
    }

    // The same database once more, on an io_context of the caller's.
    std::unique_ptr<Database> open_on(boost::asio::io_context& io) const;
    // Closes the database and opens it again, as a restart of the program does.
    void reopen();
    // On PostgreSQL statements as the owner, past all fences and outside of the driver. Not for
    // SQLite.
    void execute_as_owner(const std::string& sql);
    // On PostgreSQL how to reach it, as the owner unless a login is added.
    const std::string& url() const;

private:
    template <class T>
    static Task<void> keep(Task<T> task, std::optional<T>& answer) {
        answer.emplace(co_await std::move(task));
    }

    struct Home;
    void make(MigrationFiles migrations);
    void run_until(const bool& ended);

    Dialect dialect_;
    boost::asio::io_context io_{1};
    Scope alice_;
    Scope bob_;
    std::unique_ptr<Home> home_;
    std::unique_ptr<Database> database_;
};

// A fixture for TEST_P over both engines, which skips the one that is not there:
//   class Entries : public OnBothDatabases {};
//   INSTANTIATE_TEST_SUITE_P(Databases, Entries, both_databases(), dialect_name);
class OnBothDatabases : public testing::TestWithParam<Dialect> {
protected:
    void SetUp() override {
        if (GetParam() == Dialect::postgres && !test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
    }
};
inline auto both_databases() { return testing::Values(Dialect::sqlite, Dialect::postgres); }
inline std::string dialect_name(const testing::TestParamInfo<Dialect>& info) {
    return info.param == Dialect::sqlite ? "sqlite" : "postgres";
}

}  // namespace afterresume::sql
