// In which order SQLite's one writer serves, and what it leaves for the end of a group.
#include "core/scope_mint.h"
#include "infra/sql/migrations.h"
#include "infra/sql/sqlite.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <gmock/gmock.h>

#include <array>
#include <filesystem>

namespace afterresume::sql {
namespace {

using testing::ElementsAre;

constexpr std::array schema{
    EmbeddedFile{"0001_scratch.sql", R"sql(
    CREATE TABLE thing (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, name text NOT NULL UNIQUE);
    )sql"},
    EmbeddedFile{"0001_scratch.sqlite.sql", R"sql(
    CREATE VIRTUAL TABLE thing_fts USING fts5(words);
    )sql"}
};

constexpr Statement insert{
    "thing.insert", "INSERT INTO thing (id, tenant_id, name) VALUES (:id, :tenant_id, :name)"
};
constexpr Statement index{
    "thing.index", "", "INSERT INTO thing_fts (rowid, words) VALUES (:id, :name)", true
};
constexpr Statement names{"thing.names", "SELECT name FROM thing ORDER BY rowid"};
constexpr Statement found{
    "thing.found",
    "SELECT name FROM thing WHERE id IN (SELECT rowid FROM thing_fts WHERE thing_fts MATCH :word) "
    "ORDER BY id"
};

Scope scope_of(Uuid job) {
    Identity identity;
    identity.tenant = TenantId{1};
    identity.cause.job = job;
    return ScopeMint::mint(identity);
}

class SqliteWriterTest : public testing::Test {
protected:
    SqliteWriterTest() {
        std::filesystem::create_directory(folder);
        options.file = folder / "a.db";
        options.longest_rest = std::chrono::hours(1);
        migrate_sqlite(options.file, schema);
        database = open_sqlite(io, options);
    }
    ~SqliteWriterTest() override {
        database.reset();
        std::filesystem::remove_all(folder);
    }

    Task<void> add(const Scope& scope, std::string name, bool fails = false) {
        try {
            auto tx = database->begin(scope, Access::write);
            auto id = named("id", ++last_id);
            tx->defer(insert, scope, id, named("name", name));
            tx->defer(index, scope, id, named("name", name));
            if (fails) tx->defer(insert, scope, named("id", ++last_id), named("name", name));
            co_await tx->commit();
            ended.push_back(name);
        } catch (const Error& error) {
            ended.push_back(error.code());
        }
    }
    Task<void> write_late(const Statement& statement) {
        try {
            auto tx = database->begin(person, Access::write);
            tx->defer(statement);
            co_await tx->commit();
        } catch (const Error&) {
            ended.emplace_back("refused");
        }
    }
    // Keeps the writer for itself until `others` have been sent.
    Task<void> hold_while(std::function<void()> others) {
        auto tx = database->begin(person, Access::write);
        co_await tx->execute(insert, person, named("id", ++last_id), named("name", "first"));
        others();
        co_await tx->execute(insert, person, named("id", ++last_id), named("name", "second"));
        co_await tx->commit();
    }
    void start(Task<void> task) {
        boost::asio::co_spawn(io, std::move(task), boost::asio::detached);
    }
    void run(Task<void> task) {
        start(std::move(task));
        io.restart();
        io.run();
    }
    Task<void> read(const Statement& statement, std::vector<std::string>& into) {
        auto tx = database->begin(person, Access::read);
        into = co_await tx->all<std::string>(statement, named("word", "alpha"));
    }
    std::vector<std::string> read(const Statement& statement) {
        std::vector<std::string> rows;
        run(read(statement, rows));
        return rows;
    }

    boost::asio::io_context io{1};
    Scope person = scope_of(Uuid{});
    Scope job = scope_of(Uuid::random());
    std::filesystem::path folder = std::filesystem::temp_directory_path() / Uuid::random().text();
    SqliteOptions options;
    std::unique_ptr<Database> database;
    std::int64_t last_id = 0;
    std::vector<std::string> ended;
};

TEST_F(SqliteWriterTest, ServesPeopleBeforeJobs) {
    run(hold_while([this] {
        start(add(job, "job one"));
        start(add(job, "job two"));
        start(add(person, "person one"));
        start(add(person, "person two"));
    }));

    EXPECT_THAT(ended, ElementsAre("person one", "person two", "job one", "job two"));
}

TEST_F(SqliteWriterTest, IndexesWhatATransactionKept) {
    run(add(person, "alpha beta"));

    EXPECT_THAT(read(found), ElementsAre("alpha beta"));
}

TEST_F(SqliteWriterTest, IndexesNothingOfATransactionOfTheGroupThatFailed) {
    run(hold_while([this] {
        start(add(person, "alpha one"));
        start(add(person, "alpha two", true));
        start(add(person, "alpha three"));
    }));

    EXPECT_THAT(ended, testing::UnorderedElementsAre("alpha one", "sql.unique", "alpha three"));
    EXPECT_THAT(read(found), ElementsAre("alpha one", "alpha three"));
}

TEST_F(SqliteWriterTest, FailsAllOfAGroupWhoseLateStatementFails) {
    constexpr Statement taken{
        "thing.take", "", "INSERT INTO thing_fts (rowid, words) VALUES (1, 'taken')", true
    };
    run(add(person, "alpha one"));
    ended.clear();

    run(hold_while([&] {
        start(add(person, "alpha two"));
        start(write_late(taken));
    }));

    EXPECT_EQ(ended.size(), 2U);
    EXPECT_THAT(ended, testing::Contains("refused"));
    EXPECT_THAT(read(found), ElementsAre("alpha one"));
    EXPECT_THAT(read(names), testing::Not(testing::Contains("alpha two")));
}

}  // namespace
}  // namespace afterresume::sql
