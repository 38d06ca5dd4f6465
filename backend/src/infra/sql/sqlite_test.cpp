#include "infra/sql/sqlite.h"

#include "core/scope_mint.h"
#include "infra/sql/migrations.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe/class.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <set>
#include <vector>

namespace afterresume::sql {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array schema{
    EmbeddedFile{"0001_scratch.sql", R"sql(
    CREATE TABLE thing (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, name text NOT NULL, UNIQUE (tenant_id, name));
    CREATE TABLE keyed (name text PRIMARY KEY NOT NULL, folded text);
    CREATE UNIQUE INDEX keyed_by_folded ON keyed (folded);
    )sql"},
    EmbeddedFile{"0001_scratch.sqlite.sql", R"sql(
    CREATE TABLE id_block (next INTEGER NOT NULL) STRICT;
    INSERT INTO id_block (next) VALUES (1000);
    )sql"}
};

constexpr Statement insert{
    "thing.insert", "INSERT INTO thing (id, tenant_id, name) VALUES (:id, :tenant_id, :name)"
};
constexpr Statement count{"thing.count", "SELECT count(*) FROM thing"};
constexpr Statement endless{
    "endless",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
};

struct Thing {
    std::int64_t id = 0;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, name))

Thing a_thing(std::int64_t id) { return {id, std::to_string(id)}; }

class SqliteTest : public testing::Test {
protected:
    SqliteTest() {
        std::filesystem::create_directory(folder);
        options.file = folder / "a.db";
        migrate_sqlite(options.file, schema);
    }
    ~SqliteTest() override {
        database.reset();
        std::filesystem::remove_all(folder);
    }

    void open() { database = open_sqlite(io, options); }
    std::unique_ptr<Tx> writing() { return database->begin(ada, Access::write); }
    std::unique_ptr<Tx> reading() { return database->begin(ada, Access::read); }

    // Starts a task; run() ends all that were started.
    void start(Task<void> task) {
        boost::asio::co_spawn(io, std::move(task), [this](std::exception_ptr error) {
            if (error) errors.push_back(error);
        });
    }
    void run() {
        io.restart();
        io.run();
        if (!errors.empty()) std::rethrow_exception(std::exchange(errors, {}).front());
    }
    void run(Task<void> task) {
        start(std::move(task));
        run();
    }

    // The coroutines of the tests; what they take outlives run().
    Task<void> add(std::int64_t id) {
        auto tx = writing();
        tx->defer(insert, ada, a_thing(id));
        co_await tx->commit();
    }
    Task<void> try_to_add(std::int64_t id, std::vector<std::string>& codes) {
        try {
            co_await add(id);
            codes.emplace_back("kept");
        } catch (const Error& error) {
            codes.push_back(error.code());
        }
    }
    Task<void> count_into(std::int64_t& out) {
        auto tx = reading();
        out = co_await tx->one<std::int64_t>(count);
    }
    std::int64_t things() {
        std::int64_t out = 0;
        run(count_into(out));
        return out;
    }
    Task<void> fail_into(std::string_view sql, std::string& code, std::string& message) {
        try {
            auto tx = writing();
            co_await tx->execute({"test", sql}, ada);
            co_await tx->commit();
        } catch (const Error& error) {
            code = error.code();
            message = error.what();
        }
    }

    boost::asio::io_context io{1};
    Scope ada = ScopeMint::mint([] {
        Identity identity;
        identity.tenant = TenantId{1};
        identity.user = UserId{11};
        return identity;
    }());
    std::filesystem::path folder = std::filesystem::temp_directory_path() / Uuid::random().text();
    SqliteOptions options;
    std::unique_ptr<Database> database;
    std::vector<std::exception_ptr> errors;
};

TEST_F(SqliteTest, UndoesAFailedTransactionOfAGroupAndNoOther) {
    open();
    std::vector<std::string> codes;
    for (auto id : {1, 2, 1, 3, 2, 4}) start(try_to_add(id, codes));

    run();

    EXPECT_EQ(things(), 4);
    EXPECT_THAT(
        codes,
        testing::UnorderedElementsAre("kept", "kept", "kept", "kept", "sql.unique", "sql.unique")
    );
}

// Frames of the write-ahead log that end a commit
// (https://www.sqlite.org/fileformat2.html#walformat).
int commits_in_log(const std::filesystem::path& file) {
    constexpr std::size_t log_header = 32;
    constexpr std::size_t frame = 24 + 4'096;
    std::ifstream in(file.string() + "-wal", std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    int commits = 0;
    for (auto at = log_header; at + frame <= bytes.size(); at += frame) {
        commits += bytes.substr(at + 4, 4) != std::string(4, '\0') ? 1 : 0;
    }
    return commits;
}

Task<void> hold_while_others_come(
    SqliteTest&, std::unique_ptr<Tx> tx, const Scope& scope, std::function<void()> others
) {
    co_await tx->execute(insert, scope, a_thing(1));
    others();
    co_await tx->execute(insert, scope, a_thing(2));
    co_await tx->commit();
}

TEST_F(SqliteTest, MakesAWholeGroupDurableWithOneCommit) {
    options.group_time = 1h;
    open();
    auto before = commits_in_log(options.file);

    run(hold_while_others_come(*this, writing(), ada, [this] {
        for (int id = 100; id < 160; ++id) start(add(id));
    }));

    EXPECT_EQ(commits_in_log(options.file) - before, 1);
    EXPECT_EQ(things(), 62);
}

Task<void> look_around(
    SqliteTest&, std::unique_ptr<Tx> tx, Database& database, const Scope& scope,
    std::vector<std::int64_t>& seen
) {
    co_await tx->execute(insert, scope, a_thing(1));
    tx->defer(insert, scope, a_thing(2));
    seen.push_back(co_await tx->one<std::int64_t>(count));
    seen.push_back(co_await database.begin(scope, Access::read)->one<std::int64_t>(count));
    co_await tx->commit();
    seen.push_back(co_await database.begin(scope, Access::read)->one<std::int64_t>(count));
}

TEST_F(SqliteTest, ShowsATransactionItsOwnWritesAndOthersWhatWasCommitted) {
    open();
    std::vector<std::int64_t> seen;

    run(look_around(*this, writing(), *database, ada, seen));

    EXPECT_THAT(seen, ElementsAre(2, 0, 2));
}

Task<void> begin_and_leave(std::unique_ptr<Tx> tx, const Scope& scope) {
    co_await tx->execute(insert, scope, a_thing(1));
}

TEST_F(SqliteTest, RollsBackWhatWasNotCommitted) {
    open();

    run(begin_and_leave(writing(), ada));
    run(add(1));

    EXPECT_EQ(things(), 1);
}

Task<void> stall(std::unique_ptr<Tx> tx, const Scope& scope, Task<void> other, std::string& code) {
    co_await tx->execute(insert, scope, a_thing(1));
    co_await std::move(other);
    try {
        co_await tx->execute(insert, scope, a_thing(2));
    } catch (const Error& error) {
        code = error.code();
    }
}

TEST_F(SqliteTest, TakesTheWriterFromATransactionThatStalls) {
    options.holder_timeout = 20ms;
    open();
    std::string code;

    run(stall(writing(), ada, add(7), code));

    EXPECT_EQ(code, "sql.busy");
    EXPECT_EQ(things(), 1);
}

TEST_F(SqliteTest, TurnsAwayWhatItHasNoRoomFor) {
    options.queue_limit = 4;
    options.group_time = 1h;
    open();
    std::vector<std::string> codes;

    run(hold_while_others_come(*this, writing(), ada, [&] {
        for (int id = 100; id < 110; ++id) start(try_to_add(id, codes));
    }));

    EXPECT_EQ(std::count(codes.begin(), codes.end(), "kept"), 4);
    EXPECT_EQ(std::count(codes.begin(), codes.end(), "sql.busy"), 6);
}

Task<void> ask_for_ever(std::unique_ptr<Tx> tx, std::string& code) {
    try {
        co_await tx->one<std::int64_t>(endless);
    } catch (const Error& error) {
        code = error.code();
    }
}

TEST_F(SqliteTest, EndsAStatementThatTakesTooLong) {
    options.statement_timeout = 20ms;
    open();
    std::string reading_code;
    std::string writing_code;

    run(ask_for_ever(reading(), reading_code));
    run(ask_for_ever(writing(), writing_code));

    EXPECT_EQ(reading_code, "sql.busy");
    EXPECT_EQ(writing_code, "sql.busy");
    EXPECT_EQ(things(), 0);
}

Task<void> take_ids(std::unique_ptr<Tx> tx, int how_many, std::vector<std::int64_t>& ids) {
    for (int at = 0; at < how_many; ++at) ids.push_back((co_await tx->new_id<Thing>()).value);
}

Task<void> take_ids_while_writing(
    std::unique_ptr<Tx> tx, const Scope& scope, int how_many, std::vector<std::int64_t>& ids
) {
    for (int at = 0; at < how_many; ++at) {
        ids.push_back((co_await tx->new_id<Thing>()).value);
        if (at == 0) co_await tx->execute(insert, scope, a_thing(ids.front()));
    }
    co_await tx->commit();
}

TEST_F(SqliteTest, GivesNoIdTwice) {
    std::vector<std::int64_t> ids;
    open();

    start(take_ids_while_writing(writing(), ada, 25'000, ids));
    for (int task = 0; task < 10; ++task) start(take_ids(writing(), 3'000, ids));
    run();
    database.reset();
    open();
    run(take_ids(reading(), 100, ids));

    EXPECT_EQ(ids.size(), 55'100);
    EXPECT_EQ(std::set<std::int64_t>(ids.begin(), ids.end()).size(), ids.size());
    EXPECT_GE(*std::min_element(ids.begin(), ids.end()), 1'000);
}

TEST_F(SqliteTest, FailsWhoAsksForAnIdWhereThereIsNoSupply) {
    open();
    std::string code;
    std::string message;
    run(fail_into("DELETE FROM id_block", code, message));
    std::vector<std::int64_t> ids;

    EXPECT_THROW(run(take_ids(reading(), 1, ids)), Error);
}

TEST_F(SqliteTest, CallsABrokenKeyByItsNameOnPostgres) {
    open();
    std::string code;
    std::string message;
    run(add(1));

    run(fail_into("INSERT INTO thing (id, tenant_id, name) VALUES (2, 1, '1')", code, message));
    EXPECT_EQ(code, "sql.unique");
    EXPECT_THAT(message, HasSubstr("thing_tenant_id_name_key"));
    run(fail_into("INSERT INTO thing (id, tenant_id, name) VALUES (1, 1, '2')", code, message));
    EXPECT_THAT(message, HasSubstr("thing_pkey"));
    run(fail_into("INSERT INTO keyed (name) VALUES ('a'), ('a')", code, message));
    EXPECT_THAT(message, HasSubstr("keyed_pkey"));
    run(fail_into("INSERT INTO keyed (name, folded) VALUES ('b', 'x'), ('c', 'x')", code, message));
    EXPECT_THAT(message, HasSubstr("keyed_by_folded"));
}

TEST_F(SqliteTest, ReportsARefusedStatementToTheLogOnly) {
    std::vector<SqliteFailure> failures;
    options.on_failure = [&](const SqliteFailure& failure) { failures.push_back(failure); };
    open();
    std::string code;
    std::string message;

    run(fail_into("INSERT INTO thing (id, tenant_id, name) VALUES (1, 1, NULL)", code, message));

    ASSERT_EQ(failures.size(), 1);
    EXPECT_EQ(failures[0].statement, "test");
    EXPECT_THAT(failures[0].message, HasSubstr("thing.name"));
    EXPECT_EQ(code, "sql.constraint");
    EXPECT_THAT(message, testing::Not(HasSubstr("thing")));
}

Task<void> write_through(std::unique_ptr<Tx> tx, const Scope& scope) {
    co_await tx->execute(insert, scope, a_thing(1));
}

TEST_F(SqliteTest, LetsAReaderWriteNothing) {
    open();

    EXPECT_THROW(run(write_through(reading(), ada)), Error);
    EXPECT_EQ(things(), 0);
}

Task<void> read_made_up(Database& database, const Scope& scope, std::vector<std::int64_t>& out) {
    std::string text = "SELECT 1";
    out.push_back(co_await database.begin(scope, Access::read)->one<std::int64_t>({"made.up", text})
    );
    text.back() = '2';
    out.push_back(co_await database.begin(scope, Access::read)->one<std::int64_t>({"made.up", text})
    );
}

TEST_F(SqliteTest, TellsStatementsApartThatLieInOnePlace) {
    options.readers = 1;
    open();
    std::vector<std::int64_t> out;

    run(read_made_up(*database, ada, out));

    EXPECT_THAT(out, ElementsAre(1, 2));
}

TEST_F(SqliteTest, RefusesATextWithNul) {
    open();
    auto tx = writing();
    tx->defer(insert, ada, Thing{1, std::string("a\0b", 3)});

    try {
        run(tx->commit());
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "sql.text");
    }
}

TEST_F(SqliteTest, AnswersPingAndEndsWithClose) {
    open();

    run(database->ping());
    start(add(1));
    start(database->close());
    run();

    EXPECT_THROW(run(database->ping()), Error);
    EXPECT_FALSE(std::filesystem::exists(options.file.string() + "-wal"));
}

TEST_F(SqliteTest, SaysWhatIsWrongWithAFileThatIsNoDatabase) {
    options.file = folder / "absent.db";
    EXPECT_THROW(open(), Error);

    std::ofstream(options.file) << std::string(8'192, 'x');
    try {
        open();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::unavailable);
        EXPECT_THAT(error.what(), HasSubstr("is not an SQLite database"));
    }
}

TEST_F(SqliteTest, ServesOneProcessAtATime) {
    auto lock = std::make_unique<InstanceLock>(folder / "lock");

    try {
        InstanceLock second(folder / "lock");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "sql.locked");
        EXPECT_THAT(error.what(), HasSubstr("DATA_DIR"));
    }
    lock.reset();
    EXPECT_NO_THROW(InstanceLock(folder / "lock"));
}

}  // namespace
}  // namespace afterresume::sql
