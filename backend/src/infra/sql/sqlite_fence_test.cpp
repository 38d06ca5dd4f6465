#include "infra/sql/sqlite_text.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace afterresume::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::array schema{
    EmbeddedFile{"0001_scratch.sql", R"sql(
        -- engine: task
        -- append-only: trail, journal
        CREATE TABLE note (
            id bigint PRIMARY KEY,
            tenant_id bigint NOT NULL,
            text text NOT NULL,
            UNIQUE (tenant_id, text)
        );
        CREATE TABLE comment (
            id bigint PRIMARY KEY,
            tenant_id bigint NOT NULL,
            note_id bigint NOT NULL REFERENCES note (id) ON DELETE CASCADE,
            text text NOT NULL
        );
        CREATE TABLE task (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
        CREATE TABLE trail (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL);
        CREATE TABLE journal (
            id bigint PRIMARY KEY,
            tenant_id bigint NOT NULL,
            text text NOT NULL,
            purged_at timestamptz
        );
        CREATE TABLE country (text text PRIMARY KEY NOT NULL);
    )sql"},
    EmbeddedFile{"0001_scratch.sqlite.sql", R"sql(
        CREATE VIRTUAL TABLE note_fts USING fts5 (words);
        CREATE VIEW lookup_note AS SELECT id AS note_id, tenant_id, text FROM note;
    )sql"},
};

constexpr std::string_view insert_own =
    "INSERT INTO note (id, tenant_id, text) VALUES (3, 1, 'new')";
constexpr std::string_view notes = "SELECT text FROM note ORDER BY id";

Task<std::int64_t> changed(std::unique_ptr<Tx> tx, std::string_view sql) {
    auto count = co_await tx->execute({"test.change", sql});
    co_await tx->commit();
    co_return count;
}

Task<std::vector<std::string>> texts(std::unique_ptr<Tx> tx, std::string_view sql) {
    co_return co_await tx->all<std::string>({"test.read", sql});
}

// Note 1, comment 1 and task 1 are Alice's, tenant 1; number 2 of each is Bob's, tenant 2.
class SqliteFenceTest : public testing::Test {
protected:
    SqliteFenceTest() {
        for (auto* sql :
             {"INSERT INTO note (id, tenant_id, text) VALUES (1, 1, 'hers')",
              "INSERT INTO comment (id, tenant_id, note_id, text) VALUES (1, 1, 1, 'her word')",
              "INSERT INTO task (id, tenant_id, text) VALUES (1, 1, 'her task')",
              "INSERT INTO trail (id, tenant_id, text) VALUES (1, 1, 'her trail')",
              "INSERT INTO note_fts (rowid, words) VALUES (1, 'hers')",
              "INSERT INTO country (text) VALUES ('Malta')"}) {
            as_alice(sql);
        }
        for (auto* sql :
             {"INSERT INTO note (id, tenant_id, text) VALUES (2, 2, 'his')",
              "INSERT INTO comment (id, tenant_id, note_id, text) VALUES (2, 2, 2, 'his word')",
              "INSERT INTO task (id, tenant_id, text) VALUES (2, 2, 'his task')",
              "INSERT INTO note_fts (rowid, words) VALUES (2, 'his')"}) {
            as_bob(sql);
        }
    }

    std::int64_t as_alice(std::string_view sql) {
        return change(database().begin(scratch.alice(), Access::write), sql);
    }
    std::int64_t as_bob(std::string_view sql) {
        return change(database().begin(scratch.bob(), Access::write), sql);
    }
    std::int64_t as_engine(std::string_view sql) {
        return change(database().begin_engine(Access::write), sql);
    }
    std::vector<std::string> alice_reads(std::string_view sql) {
        return read(database().begin(scratch.alice(), Access::read), sql);
    }
    std::vector<std::string> bob_reads(std::string_view sql) {
        return read(database().begin(scratch.bob(), Access::read), sql);
    }
    std::vector<std::string> anyone_reads(std::string_view sql) {
        return read(database().begin_anonymous(Access::read), sql);
    }
    std::vector<std::string> engine_reads(std::string_view sql) {
        return read(database().begin_engine(Access::read), sql);
    }

    // A statement that goes round the fence is a mistake in the program.
    void expect_refused(std::string_view sql) {
        EXPECT_THROW(as_alice(sql), std::logic_error) << sql;
        EXPECT_THROW(alice_reads(sql), std::logic_error) << sql;
    }

    Database& database() { return scratch.database(); }

    ScratchDatabase scratch{Dialect::sqlite, schema};

private:
    std::int64_t change(std::unique_ptr<Tx> tx, std::string_view sql) {
        return scratch.run(changed(std::move(tx), sql));
    }
    std::vector<std::string> read(std::unique_ptr<Tx> tx, std::string_view sql) {
        return scratch.run(texts(std::move(tx), sql));
    }
};

TEST_F(SqliteFenceTest, ShowsATenantItsOwnRowsWhateverTheStatementSays) {
    EXPECT_THAT(alice_reads(notes), ElementsAre("hers"));
    EXPECT_THAT(bob_reads(notes), ElementsAre("his"));
    EXPECT_THAT(
        alice_reads("SELECT text FROM note WHERE tenant_id = 2 OR 1 = 1"), ElementsAre("hers")
    );
    EXPECT_THAT(
        alice_reads("SELECT c.text FROM note n JOIN comment c ON c.note_id = n.id"),
        ElementsAre("her word")
    );
    EXPECT_THAT(
        alice_reads("SELECT n.text FROM country LEFT JOIN note n ON n.id IN (1, 2)"),
        ElementsAre("hers")
    );
    EXPECT_THAT(
        alice_reads("SELECT text FROM country WHERE EXISTS (SELECT 1 FROM note WHERE id = 2)"),
        IsEmpty()
    );
}

TEST_F(SqliteFenceTest, ShowsNothingBeforeAnybodySignedInButLookUpsAndTablesOfNobody) {
    EXPECT_THAT(anyone_reads(notes), IsEmpty());
    EXPECT_THAT(anyone_reads("SELECT text FROM task"), IsEmpty());
    EXPECT_THAT(anyone_reads("SELECT text FROM lookup_note WHERE note_id = 2"), ElementsAre("his"));
    EXPECT_THAT(anyone_reads("SELECT text FROM country"), ElementsAre("Malta"));
    EXPECT_THROW(
        scratch.run(changed(database().begin_anonymous(Access::write), insert_own)), Error
    );
}

TEST_F(SqliteFenceTest, OpensTheTablesOfTheEngineToItAndNoOthers) {
    EXPECT_THAT(
        engine_reads("SELECT text FROM task ORDER BY id"), ElementsAre("her task", "his task")
    );
    EXPECT_THAT(engine_reads(notes), IsEmpty());
    EXPECT_EQ(as_engine("UPDATE task SET text = 'done'"), 2);
    EXPECT_EQ(as_engine("INSERT INTO task (id, tenant_id, text) VALUES (3, 2, 'more')"), 1);
    EXPECT_THROW(as_engine(insert_own), Error);
    EXPECT_EQ(as_engine("DELETE FROM note"), 0);
    EXPECT_THAT(alice_reads("SELECT text FROM task"), ElementsAre("done"));
}

TEST_F(SqliteFenceTest, LeavesRowsOfOthersAsTheyAre) {
    EXPECT_EQ(as_alice("UPDATE note SET text = 'mine' WHERE id = 2"), 0);
    EXPECT_EQ(as_alice("UPDATE note SET text = text || '!'"), 1);
    EXPECT_EQ(as_alice("UPDATE note SET tenant_id = 1 WHERE id = 2"), 0);
    EXPECT_EQ(as_alice("DELETE FROM note WHERE id = 2"), 0);
    EXPECT_EQ(as_alice("DELETE FROM comment"), 1);
    EXPECT_THAT(alice_reads("SELECT text FROM note"), ElementsAre("hers!"));
    EXPECT_THAT(bob_reads(notes), ElementsAre("his"));
    EXPECT_THAT(bob_reads("SELECT text FROM comment"), ElementsAre("his word"));
}

TEST_F(SqliteFenceTest, ReturnsNothingOfARowThatWasNotChanged) {
    auto returned = scratch.run(texts(
        database().begin(scratch.alice(), Access::write),
        "UPDATE note SET text = text || '?' RETURNING text"
    ));
    auto deleted = scratch.run(
        texts(database().begin(scratch.alice(), Access::write), "DELETE FROM note RETURNING text")
    );

    EXPECT_THAT(returned, ElementsAre("hers?"));
    EXPECT_THAT(deleted, ElementsAre("hers"));
}

TEST_F(SqliteFenceTest, RefusesRowsForAnotherTenant) {
    EXPECT_THROW(
        as_alice("INSERT INTO note (id, tenant_id, text) VALUES (3, 2, 'planted')"), Error
    );
    EXPECT_THROW(as_alice("UPDATE note SET tenant_id = 2 WHERE id = 1"), Error);
    EXPECT_THROW(as_alice("INSERT INTO note SELECT id + 10, 2, text FROM note"), Error);
    EXPECT_THAT(bob_reads(notes), ElementsAre("his"));
}

TEST_F(SqliteFenceTest, KeepsAnUpsertWithinTheTenant) {
    constexpr auto own =
        "INSERT INTO note (id, tenant_id, text) VALUES (1, 1, 'x') ON CONFLICT (id) DO UPDATE SET "
        "text = note.text || excluded.text RETURNING text";
    constexpr auto foreign =
        "INSERT INTO note (id, tenant_id, text) VALUES (2, 1, 'x') ON CONFLICT (id) DO UPDATE SET "
        "text = excluded.text";

    auto returned = scratch.run(texts(database().begin(scratch.alice(), Access::write), own));
    auto changes = as_alice(foreign);

    EXPECT_THAT(returned, ElementsAre("hersx"));
    EXPECT_EQ(changes, 0);
    EXPECT_THAT(bob_reads(notes), ElementsAre("his"));
}

TEST_F(SqliteFenceTest, RefusesToNameATablePastItsView) {
    for (auto* sql :
         {"SELECT text FROM main.note", "SELECT text FROM \"main\".note",
          "SELECT text FROM 'main' . 'note'", "SELECT text FROM [Main].note",
          "SELECT text FROM `main`/**/.note", "SELECT text FROM temp.note",
          "UPDATE note SET text = (SELECT text FROM main.note WHERE id = 2) WHERE id = 1",
          "WITH lookup_all AS (SELECT text FROM main.note) SELECT text FROM lookup_all",
          "INSERT INTO note SELECT id + 10, 1, text FROM main.note WHERE id = 2",
          "DELETE FROM main.note",
          "INSERT OR REPLACE INTO note (id, tenant_id, text) VALUES (2, 1, 'x')",
          "REPLACE INTO note (id, tenant_id, text) VALUES (2, 1, 'x')",
          "UPDATE OR REPLACE note SET id = 2"}) {
        expect_refused(sql);
    }
    EXPECT_THAT(bob_reads(notes), ElementsAre("his"));
}

TEST_F(SqliteFenceTest, RefusesEverythingThatIsNoQueryAndNoChangeOfRows) {
    for (auto* sql :
         {"ATTACH '/tmp/other.db' AS other", "PRAGMA query_only = OFF",
          "SELECT sql FROM sqlite_master", "SELECT name FROM sqlite_temp_schema",
          "SELECT * FROM pragma_table_info('note')", "DROP TABLE country",
          "CREATE TABLE mine (a INTEGER)",
          "CREATE TEMP TRIGGER t BEFORE INSERT ON note BEGIN SELECT 1; END", "DROP VIEW temp.note",
          "DROP VIEW note", "DROP TRIGGER fence_1", "COMMIT", "SAVEPOINT mine",
          "SELECT 1; SELECT 2", "UPDATE schema_migration SET checksum = ''", "VACUUM", ""}) {
        expect_refused(sql);
    }
}

TEST_F(SqliteFenceTest, ReadsAFullTextIndexOnlyBesideItsTable) {
    constexpr auto joined =
        "SELECT n.text FROM note_fts f JOIN note n ON n.id = f.rowid WHERE note_fts MATCH 'hers OR "
        "his'";

    expect_refused("SELECT words FROM note_fts");
    expect_refused("SELECT c0 FROM note_fts_content");
    EXPECT_THAT(alice_reads(joined), ElementsAre("hers"));
}

TEST_F(SqliteFenceTest, CascadesToWhatBelongsToADeletedRow) {
    EXPECT_EQ(as_alice("DELETE FROM note WHERE id = 1"), 1);

    EXPECT_THAT(alice_reads("SELECT text FROM comment"), IsEmpty());
    EXPECT_THAT(bob_reads("SELECT text FROM comment"), ElementsAre("his word"));
}

TEST_F(SqliteFenceTest, LetsATrailOnlyGrow) {
    EXPECT_EQ(as_alice("INSERT INTO trail (id, tenant_id, text) VALUES (2, 1, 'more')"), 1);
    EXPECT_THROW(as_alice("UPDATE trail SET text = ''"), Error);
    EXPECT_THROW(as_alice("DELETE FROM trail"), Error);
    EXPECT_THAT(
        alice_reads("SELECT text FROM trail ORDER BY id"), ElementsAre("her trail", "more")
    );
}

TEST_F(SqliteFenceTest, LetsARowThatOnlyStaysBeEmptiedOnceAndNothingElse) {
    as_alice("INSERT INTO journal (id, tenant_id, text) VALUES (1, 1, 'hers'), (2, 1, 'too')");

    EXPECT_THROW(as_alice("UPDATE journal SET text = ''"), Error);
    EXPECT_THROW(as_alice("UPDATE journal SET text = 'other', purged_at = 1"), Error);
    EXPECT_THROW(as_alice("UPDATE journal SET id = 3, text = '', purged_at = 1"), Error);
    EXPECT_EQ(as_alice("UPDATE journal SET text = '', purged_at = 1 WHERE id = 1"), 1);
    EXPECT_THROW(as_alice("UPDATE journal SET purged_at = 2 WHERE id = 1"), Error);
    EXPECT_THROW(as_alice("DELETE FROM journal"), Error);
    EXPECT_THAT(alice_reads("SELECT text FROM journal ORDER BY id"), ElementsAre("", "too"));
}

TEST(SqliteText, NamesTheWrittenTableAndDropsRowLocks) {
    FencedNames names{{"note"}, {}};

    auto lock = fenced_text(
        "SELECT id FROM note WHERE id = ?1 FOR NO KEY UPDATE OF note SKIP LOCKED LIMIT 1", names
    );
    auto nested = fenced_text(
        "UPDATE note SET a = 1 WHERE id IN (SELECT id FROM note FOR UPDATE SKIP LOCKED) RETURNING "
        "id",
        names
    );
    auto upsert = fenced_text(
        "WITH a AS (SELECT 'update note') INSERT INTO \"note\" SELECT * FROM a ON CONFLICT DO "
        "UPDATE SET a = 1",
        names
    );

    EXPECT_EQ(lock.text, "SELECT id FROM note WHERE id = ?1  LIMIT 1");
    EXPECT_EQ(lock.target, "");
    EXPECT_EQ(
        nested.text, "UPDATE main.note SET a = 1 WHERE id IN (SELECT id FROM note ) RETURNING id"
    );
    EXPECT_EQ(nested.target, "note");
    EXPECT_THAT(upsert.text, HasSubstr("INSERT INTO main.\"note\" SELECT"));
    EXPECT_THAT(upsert.text, HasSubstr("'update note'"));
}

TEST(SqliteText, LeavesTablesOfNobodyAlone) {
    FencedNames names{{"note"}, {}};

    auto text = fenced_text("DELETE FROM country -- for update\n", names);

    EXPECT_EQ(text.text, "DELETE FROM country -- for update\n");
    EXPECT_EQ(text.target, "country");
}

}  // namespace
}  // namespace afterresume::sql
