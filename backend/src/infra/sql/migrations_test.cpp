#include "infra/sql/migrations.h"

#include "core/testing.h"
#include "embedded/migrations.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <stdexcept>

#include <sys/stat.h>

namespace afterresume::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MigrationsTest : public testing::Test {
protected:
    MigrationsTest() { std::filesystem::create_directory(folder); }
    ~MigrationsTest() override { std::filesystem::remove_all(folder); }

    std::filesystem::path folder = std::filesystem::temp_directory_path() / Uuid::random().text();
    std::filesystem::path file = folder / "a.db";
};

constexpr EmbeddedFile first{"0001_first.sql", "CREATE TABLE a (id bigint PRIMARY KEY);"};
constexpr EmbeddedFile second{
    "0002_second.sql", "CREATE TABLE b (id bigint PRIMARY KEY); INSERT INTO b VALUES (7);"
};
constexpr EmbeddedFile second_sqlite{
    "0002_second.sqlite.sql", "CREATE VIEW c AS SELECT id FROM b;"
};
constexpr EmbeddedFile second_postgres{"0002_second.postgres.sql", "CREATE EXTENSION nothing;"};

TEST(MigrationList, IsInOrderOfNumbersAndPutsADialectsOwnPartLast) {
    std::array files{second_sqlite, second_postgres, second, first};

    auto listed = list_migrations(files, Dialect::sqlite);

    ASSERT_EQ(listed.size(), 2);
    EXPECT_EQ(listed[0].name, "0001_first");
    EXPECT_EQ(listed[1].version, 2);
    EXPECT_THAT(listed[1].sql, HasSubstr("STRICT; INSERT INTO b VALUES (7);\nCREATE VIEW c"));
    EXPECT_THAT(
        list_migrations(files, Dialect::postgres)[1].sql, HasSubstr("(7);\nCREATE EXTENSION")
    );
}

TEST(MigrationList, RefusesWrongNamesAndNumbersUsedTwice) {
    for (auto* name :
         {"1_first.sql", "0001first.sql", "0001_First.sql", "0001_.sql", "0001_first.mysql.sql",
          "0001_first.txt"}) {
        std::array files{EmbeddedFile{name, ""}};
        EXPECT_THROW(list_migrations(files, Dialect::sqlite), std::logic_error) << name;
    }
    std::array twice{first, EmbeddedFile{"0001_other.sql", ""}};
    EXPECT_THROW(list_migrations(twice, Dialect::sqlite), std::logic_error);
}

TEST(MigrationList, TellsHowTablesAreFenced) {
    std::array files{
        EmbeddedFile{
            "0001_a.sql",
            "-- engine: job, job_hot\nCREATE TABLE job (id bigint);\n-- append-only: trail\n"
        },
        EmbeddedFile{
            "0002_b.sql", "-- engine: worker\n-- users: person by member\n-- own: device, key"
        }
    };

    auto fences = table_fences(files);

    EXPECT_THAT(fences.engine_tables, ElementsAre("job", "job_hot", "worker"));
    EXPECT_THAT(fences.append_only_tables, ElementsAre("trail"));
    EXPECT_THAT(
        fences.user_tables,
        ElementsAre(UserTable{"person", "member"}, UserTable{"device", ""}, UserTable{"key", ""})
    );
}

TEST(MigrationList, RefusesAFenceOfUsersThatNamesNoMembership) {
    std::array files{EmbeddedFile{"0001_a.sql", "-- users: person\n"}};

    EXPECT_THROW(table_fences(files), std::logic_error);
}

TEST(SqliteDdl, MapsTheTypesOfColumnsAndNothingElse) {
    auto sql = to_sqlite_ddl(R"sql(
        CREATE TABLE IF NOT EXISTS entry (
            id bigint PRIMARY KEY, -- the bigint
            text text NOT NULL DEFAULT 'a, boolean (text)',
            date date, uuid uuid, at timestamptz, done boolean NOT NULL DEFAULT false,
            data jsonb, bytes bytea, share double precision CHECK (share > 0 AND share IN (1, 2)),
            UNIQUE (text, date), FOREIGN KEY (id) REFERENCES other (id)
        );
        CREATE INDEX by_text ON entry (text);
        ALTER TABLE entry ADD COLUMN boolean boolean;
        INSERT INTO entry (text, date) SELECT text, date FROM old;)sql");

    EXPECT_EQ(sql, R"sql(
        CREATE TABLE IF NOT EXISTS entry (
            id INTEGER PRIMARY KEY, -- the bigint
            text TEXT NOT NULL DEFAULT 'a, boolean (text)',
            date TEXT, uuid TEXT, at INTEGER, done INTEGER NOT NULL DEFAULT false,
            data TEXT, bytes BLOB, share REAL CHECK (share > 0 AND share IN (1, 2)),
            UNIQUE (text, date), FOREIGN KEY (id) REFERENCES other (id)
        ) STRICT;
        CREATE INDEX by_text ON entry (text);
        ALTER TABLE entry ADD COLUMN boolean INTEGER;
        INSERT INTO entry (text, date) SELECT text, date FROM old;)sql");
}

TEST(SqliteDdl, LeavesPartitionsToTheOtherDatabase) {
    auto sql = to_sqlite_ddl(
        "CREATE TABLE a (b bigint) PARTITION BY RANGE (b); CREATE TABLE c (d text) PARTITION BY "
        "LIST (d)"
    );

    EXPECT_EQ(sql, "CREATE TABLE a (b INTEGER) STRICT; CREATE TABLE c (d TEXT) STRICT");
}

TEST(SqliteDdl, RefusesWhatSqliteHasNoCounterpartOf) {
    EXPECT_THROW(to_sqlite_ddl("CREATE TABLE a (b money)"), std::logic_error);
    EXPECT_THROW(to_sqlite_ddl("CREATE TABLE a (b text) WITH (fillfactor = 70)"), std::logic_error);
    EXPECT_THROW(to_sqlite_ddl("ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0)"), std::logic_error);
}

TEST_F(MigrationsTest, AppliesEachOnceAndReportsThem) {
    std::array one{first};
    std::array two{first, second, second_sqlite, second_postgres};

    auto fresh = migrate_sqlite(file, one);
    auto current_before = is_current_sqlite(file, two);
    auto more = migrate_sqlite(file, two);
    auto none = migrate_sqlite(file, two);

    EXPECT_THAT(fresh.applied, ElementsAre("0001_first"));
    EXPECT_FALSE(current_before);
    EXPECT_THAT(more.applied, ElementsAre("0002_second"));
    EXPECT_EQ(more.version, 2);
    EXPECT_THAT(none.applied, IsEmpty());
    EXPECT_EQ(none.version, 2);
    EXPECT_TRUE(is_current_sqlite(file, two));
}

TEST_F(MigrationsTest, LetNobodyButTheOwnerReadTheFile) {
    std::array files{first};

    migrate_sqlite(file, files);

    struct stat status{};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600);
}

TEST_F(MigrationsTest, RefuseAnAppliedOneThatWasChanged) {
    std::array files{first};
    std::array changed{
        EmbeddedFile{first.name, "CREATE TABLE a (id bigint PRIMARY KEY, more text);"}
    };
    migrate_sqlite(file, files);

    EXPECT_EQ(code_of([&] { migrate_sqlite(file, changed); }), "sql.migration_changed");
    EXPECT_EQ(code_of([&] { is_current_sqlite(file, changed); }), "sql.migration_changed");
}

TEST_F(MigrationsTest, RefuseADatabaseOfANewerProgram) {
    std::array older{first};
    std::array newer{first, second};
    migrate_sqlite(file, newer);

    EXPECT_EQ(code_of([&] { migrate_sqlite(file, older); }), "sql.schema_newer");
}

TEST_F(MigrationsTest, KeepNothingOfOneThatFails) {
    std::array good{first};
    std::array bad{
        first,
        EmbeddedFile{
            "0002_second.sql",
            "CREATE TABLE b (id bigint PRIMARY KEY); INSERT INTO nowhere VALUES (1);"
        }
    };
    std::array repaired{first, second};
    migrate_sqlite(file, good);

    auto code = code_of([&] { migrate_sqlite(file, bad); });
    auto report = migrate_sqlite(file, repaired);

    EXPECT_EQ(code, "sql.migration_failed");
    EXPECT_THAT(report.applied, ElementsAre("0002_second"));
}

TEST_F(MigrationsTest, SayWhatIsWrongWithAFileThatIsNoDatabase) {
    std::array files{first};
    std::ofstream(file) << std::string(8'192, 'x');

    EXPECT_EQ(code_of([&] { migrate_sqlite(file, files); }), "sql.away");
    EXPECT_FALSE(is_current_sqlite(folder / "absent.db", files));
}

class PostgresMigrationsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!test_server_url()) GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        auto server = *test_server_url();
        PostgresSession(server).execute("CREATE DATABASE " + name);
        options.url = server.substr(0, server.rfind('/') + 1) + name;
        options.roles = roles_of(name, [](const std::string& role) { return role; });
    }
    void TearDown() override {
        if (!test_server_url()) return;
        PostgresSession session(*test_server_url());
        session.execute("DROP DATABASE " + name + " WITH (FORCE)");
        for (auto* login : {&options.roles.app, &options.roles.engine, &options.roles.op}) {
            session.execute("DROP ROLE IF EXISTS " + session.identifier(login->role));
        }
    }

    std::string name = "migrations_" + Uuid::random().text().substr(0, 8);
    PostgresOwnerOptions options;
};

TEST_F(PostgresMigrationsTest, ApplyEachOnceAndReportThem) {
    std::array one{first};
    std::array two{first, second, second_sqlite};

    auto fresh = migrate_postgres(options, one);
    auto current_before = is_current_postgres(options.url, two);
    auto more = migrate_postgres(options, two);
    auto none = migrate_postgres(options, two);

    EXPECT_THAT(fresh.applied, ElementsAre("0001_first"));
    EXPECT_FALSE(current_before);
    EXPECT_THAT(more.applied, ElementsAre("0002_second"));
    EXPECT_THAT(none.applied, IsEmpty());
    EXPECT_TRUE(is_current_postgres(options.url, two));
}

TEST_F(PostgresMigrationsTest, RefuseWhatDoesNotFitTheDatabase) {
    std::array good{first, second};
    std::array older{first};
    std::array changed{EmbeddedFile{first.name, "CREATE TABLE a (id text);"}, second};
    std::array bad{first, second, EmbeddedFile{"0003_bad.sql", "DROP TABLE b; DROP TABLE nowhere"}};
    migrate_postgres(options, good);

    EXPECT_EQ(code_of([&] { migrate_postgres(options, older); }), "sql.schema_newer");
    EXPECT_EQ(code_of([&] { migrate_postgres(options, changed); }), "sql.migration_changed");
    EXPECT_EQ(code_of([&] { migrate_postgres(options, bad); }), "sql.migration_failed");
    EXPECT_THAT(migrate_postgres(options, good).applied, IsEmpty());
    EXPECT_EQ(PostgresSession(options.url).rows("SELECT id FROM b").size(), 1);
}

class ProgramMigrationsTest : public OnBothDatabases {};
INSTANTIATE_TEST_SUITE_P(Databases, ProgramMigrationsTest, both_databases(), dialect_name);

Task<std::int64_t> first_id(Database& database) {
    auto id = co_await database.begin_anonymous(Access::read)->new_id<int>();
    co_return id.value;
}

TEST_P(ProgramMigrationsTest, MakeADatabaseThatServes) {
    ScratchDatabase scratch(GetParam(), embedded::migrations());

    EXPECT_GE(scratch.run(first_id(scratch.database())), 1'000);
}

}  // namespace
}  // namespace afterresume::sql
