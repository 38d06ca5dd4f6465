#include "infra/sql/testing.h"

#include "core/testing.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/class.hpp>

#include <gmock/gmock.h>

#include <limits>

namespace afterresume::sql {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view schema = R"(
CREATE TABLE note (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, text text NOT NULL, UNIQUE (tenant_id, text));
CREATE TABLE counter (id bigint PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE anything (
    id bigint PRIMARY KEY, tenant_id bigint NOT NULL, flag boolean, whole bigint, fraction double precision,
    words text, bytes bytea, document jsonb, moment timestamptz, day date, job uuid
);
)";

constexpr Statement insert_note{
    .name = "note.insert",
    .text = "INSERT INTO note (id, tenant_id, text) VALUES (:id, :tenant_id, :text)"
};
constexpr Statement texts{.name = "note.texts", .text = "SELECT text FROM note ORDER BY id"};
constexpr Statement rename_all{
    .name = "note.rename_all", .text = "UPDATE note SET text = text || '!'"
};
constexpr Statement delete_all{.name = "note.delete_all", .text = "DELETE FROM note"};
constexpr Statement start_counter{
    .name = "counter.start", .text = "INSERT INTO counter (id, value) VALUES (1, 0)"
};
constexpr Statement read_counter{
    .name = "counter.read",
    .text = "SELECT value FROM counter WHERE id = 1 FOR UPDATE",
    .sqlite = "SELECT value FROM counter WHERE id = 1"
};
constexpr Statement take_counter{
    .name = "counter.take",
    .text = "SELECT value FROM counter WHERE id = 1 FOR UPDATE NOWAIT",
    .sqlite = "SELECT value FROM counter WHERE id = 1"
};
constexpr Statement set_counter{
    .name = "counter.set", .text = "UPDATE counter SET value = :value WHERE id = 1"
};

struct NoteRow {
    std::int64_t id = 0;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(NoteRow, (), (id, text))

struct Document {
    std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(Document, (), (tags))

struct Anything {
    std::int64_t id = 0;
    std::optional<bool> flag;
    std::optional<std::int64_t> whole;
    std::optional<double> fraction;
    std::optional<std::string> words;
    std::optional<Blob> bytes;
    std::optional<Document> document;
    std::optional<Timestamp> moment;
    std::optional<LocalDate> day;
    std::optional<Uuid> job;
};
BOOST_DESCRIBE_STRUCT(
    Anything, (), (id, flag, whole, fraction, words, bytes, document, moment, day, job)
)

constexpr Statement insert_anything{
    .name = "anything.insert",
    .text =
        "INSERT INTO anything (id, tenant_id, flag, whole, fraction, words, bytes, document, "
        "moment, day, job) "
        "VALUES (:id, :tenant_id, :flag, :whole, :fraction, :words, :bytes, :document, :moment, "
        ":day, :job)"
};
constexpr Statement get_anything{
    .name = "anything.get", .text = "SELECT * FROM anything WHERE id = :id"
};

NoteRow note(std::int64_t id, std::string text) {
    NoteRow row;
    row.id = id;
    row.text = std::move(text);
    return row;
}

Task<void> write_note(Database& database, Scope scope, NoteRow row) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert_note, scope, row);
    co_await tx->commit();
}

Task<std::vector<std::string>> read_texts(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::read);
    co_return co_await tx->all<std::string>(texts);
}

class DatabaseConformance : public OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) scratch_.emplace(GetParam(), schema);
    }
    Database& database() { return scratch_->database(); }
    const Scope& alice() { return scratch_->alice(); }
    template <class T>
    T run(Task<T> task) {
        return scratch_->run(std::move(task));
    }
    std::vector<std::string> texts_of(const Scope& scope) {
        return run(read_texts(database(), scope));
    }

    std::optional<ScratchDatabase> scratch_;
};

Task<Anything> write_and_read(Database& database, Scope scope, Anything value) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert_anything, scope, value);
    co_await tx->commit();
    auto later = database.begin(scope, Access::read);
    co_return co_await later->one<Anything>(get_anything, value);
}

TEST_P(DatabaseConformance, KeepsEveryTypeOfValueAsItWas) {
    Anything value;
    value.id = (std::int64_t{1} << 53) - 1;
    value.flag = true;
    value.whole = std::numeric_limits<std::int64_t>::min();
    value.fraction = 0.1;
    value.words = "Zürich 東京 👩🏽‍💻 ' \" \\ :name $1";
    value.bytes = Blob{std::string("\0\xff\x80 '\\", 6)};
    value.document = Document{{"a", "\"quoted\""}};
    value.moment = Timestamp(std::chrono::milliseconds(1'772'357'400'250));
    value.day = LocalDate(2026, 3, 1);
    value.job = Uuid::random();

    auto kept = run(write_and_read(database(), alice(), value));

    EXPECT_EQ(kept.id, value.id);
    EXPECT_EQ(kept.flag, value.flag);
    EXPECT_EQ(kept.whole, value.whole);
    EXPECT_EQ(kept.fraction, value.fraction);
    EXPECT_EQ(kept.words, value.words);
    EXPECT_EQ(kept.bytes->bytes, value.bytes->bytes);
    EXPECT_EQ(kept.document->tags, value.document->tags);
    EXPECT_EQ(kept.moment, value.moment);
    EXPECT_EQ(kept.day, value.day);
    EXPECT_EQ(kept.job, value.job);
}

TEST_P(DatabaseConformance, KeepsNothingAsNothing) {
    Anything value;
    value.id = 7;

    auto kept = run(write_and_read(database(), alice(), value));

    EXPECT_FALSE(kept.flag || kept.whole || kept.fraction || kept.words || kept.bytes);
    EXPECT_FALSE(kept.document || kept.moment || kept.day || kept.job);
}

TEST_P(DatabaseConformance, KeepsTimesAndDatesBefore1970AndBefore2000) {
    Anything value;
    value.id = 8;
    value.moment = Timestamp(std::chrono::milliseconds(-1));
    value.day = LocalDate(1, 1, 1);

    auto kept = run(write_and_read(database(), alice(), value));

    EXPECT_EQ(kept.moment, value.moment);
    EXPECT_EQ(kept.day, value.day);
}

TEST_P(DatabaseConformance, KeepsAMegabyteOfText) {
    Anything value;
    value.id = 9;
    for (int line = 0; value.words.value_or("").size() < 1'048'576; ++line) {
        value.words = value.words.value_or("") + std::to_string(line) + std::string(4'000, 'x');
    }

    auto kept = run(write_and_read(database(), alice(), value));

    EXPECT_EQ(kept.words, value.words);
}

Task<std::vector<std::string>> defer_then_look(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert_note, scope, note(1, "one"));
    tx->defer(insert_note, scope, note(2, "two"));
    auto before = co_await read_texts(database, scope);
    co_await tx->commit();
    auto after = co_await read_texts(database, scope);
    before.push_back("committed");
    before.insert(before.end(), after.begin(), after.end());
    co_return before;
}

TEST_P(DatabaseConformance, ShowsDeferredWritesOnceTheyAreCommitted) {
    auto seen = run(defer_then_look(database(), alice()));

    EXPECT_THAT(seen, ElementsAre("committed", "one", "two"));
}

Task<std::vector<std::string>> write_and_leave(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert_note, scope, note(1, "deferred"));
    co_await tx->execute(insert_note, scope, note(2, "awaited"));
    co_return co_await tx->all<std::string>(texts);
}

TEST_P(DatabaseConformance, TakesBackWhatIsNotCommitted) {
    auto inside = run(write_and_leave(database(), alice()));

    auto after = texts_of(alice());

    EXPECT_THAT(inside, ElementsAre("deferred", "awaited"));
    EXPECT_THAT(after, IsEmpty());
}

Task<std::pair<std::int64_t, std::int64_t>> change_and_delete(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert_note, scope, note(1, "one"));
    tx->defer(insert_note, scope, note(2, "two"));
    auto renamed = co_await tx->execute(rename_all);
    auto deleted = co_await tx->execute(delete_all);
    co_await tx->commit();
    co_return std::pair(renamed, deleted);
}

TEST_P(DatabaseConformance, CountsTheRowsThatAStatementChanged) {
    auto [renamed, deleted] = run(change_and_delete(database(), alice()));

    EXPECT_EQ(renamed, 2);
    EXPECT_EQ(deleted, 2);
}

Task<std::string> use_after_an_error(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert_note, scope, note(1, "same"));
    std::string seen;
    try {
        co_await tx->execute(insert_note, scope, note(2, "same"));
    } catch (const Error& error) {
        seen = error.code() + " " + error.what();
    }
    try {
        co_await tx->commit();
    } catch (const std::exception&) {
        seen += " dead";
    }
    co_return seen;
}

TEST_P(DatabaseConformance, NamesABrokenUniqueRuleAndEndsTheTransaction) {
    auto seen = run(use_after_an_error(database(), alice()));

    EXPECT_EQ(seen, "sql.unique This exists already (note_tenant_id_text_key). dead");
    EXPECT_THAT(texts_of(alice()), IsEmpty());
}

TEST_P(DatabaseConformance, TellsNothingOfAStatementThatFails) {
    constexpr Statement wrong{.name = "wrong", .text = "SELECT nonsense FROM note"};
    auto ask = [&] { run(database().begin(alice(), Access::read)->all<std::string>(wrong)); };

    auto code = code_of(ask);

    EXPECT_EQ(code, "sql.failed");
    EXPECT_THAT(texts_of(alice()), IsEmpty());
}

Task<void> forget_a_parameter(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(insert_note, scope);
    co_await tx->commit();
}

TEST_P(DatabaseConformance, CallsAnUnknownParameterAMistakeOfTheProgram) {
    EXPECT_THROW(run(forget_a_parameter(database(), alice())), std::logic_error);
}

struct Count {
    int done = 0;
    int failed = 0;
};

Task<void> write_one_of_many(Database& database, Scope scope, NoteRow row, Count& count) {
    try {
        co_await write_note(database, scope, std::move(row));
    } catch (const Error& error) {
        count.failed += error.code() == "sql.unique" ? 1 : 1'000;
    }
    ++count.done;
}

Task<void> until_all(const int& done, int all) {
    while (done < all) co_await boost::asio::post(boost::asio::use_awaitable);
}

TEST_P(DatabaseConformance, LetsOneFailingWriteAmongManyHurtItselfAlone) {
    run(write_note(database(), alice(), note(1'000, "taken")));
    Count count;
    auto spawn = [&](int number, std::string text) {
        boost::asio::co_spawn(
            scratch_->io(),
            write_one_of_many(database(), alice(), note(number, std::move(text)), count),
            boost::asio::detached
        );
    };

    for (int number = 0; number < 63; ++number) spawn(number, std::to_string(number));
    spawn(63, "taken");
    run(until_all(count.done, 64));

    EXPECT_EQ(count.failed, 1);
    EXPECT_EQ(texts_of(alice()).size(), 64u);
}

Task<void> start_counting(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::write);
    tx->defer(start_counter);
    co_await tx->commit();
}

Task<void> count_up(Database& database, Scope scope, Count& count) {
    auto tx = database.begin(scope, Access::write);
    auto value = co_await tx->one<std::int64_t>(read_counter);
    tx->defer(set_counter, named("value", value + 1));
    co_await tx->commit();
    ++count.done;
}

TEST_P(DatabaseConformance, LetsWritersThatDecideFollowEachOther) {
    run(start_counting(database(), alice()));
    Count count;

    for (int writer = 0; writer < 20; ++writer) {
        boost::asio::co_spawn(
            scratch_->io(), count_up(database(), alice(), count), boost::asio::detached
        );
    }
    run(until_all(count.done, 20));

    EXPECT_EQ(run(database().begin(alice(), Access::read)->one<std::int64_t>(read_counter)), 20);
}

Task<std::vector<std::int64_t>> take_in_turn(Database& database, Scope scope, int turns) {
    std::vector<std::int64_t> seen;
    for (int turn = 0; turn < turns; ++turn) {
        auto tx = database.begin(scope, Access::write);
        seen.push_back(co_await tx->one<std::int64_t>(take_counter));
        co_await tx->execute(set_counter, named("value", 7));
        co_await tx->rollback();
    }
    co_return seen;
}

TEST_P(DatabaseConformance, LetsGoOfEverythingBeforeARollbackReturns) {
    run(start_counting(database(), alice()));

    auto seen = run(take_in_turn(database(), alice(), 50));

    EXPECT_THAT(seen, testing::SizeIs(50));
    EXPECT_THAT(seen, testing::Each(0));
}

Task<void> roll_back_after_an_error(Database& database, Scope scope) {
    auto tx = database.begin(scope, Access::write);
    co_await tx->execute(insert_note, scope, note(1, "one"));
    try {
        co_await tx->execute(insert_note, scope, note(1, "again"));
    } catch (const Error&) {
        // What failed is rolled back below.
    }
    co_await tx->rollback();
    co_await tx->rollback();
    co_await tx->commit();
}

TEST_P(DatabaseConformance, EndsATransactionThatIsRolledBack) {
    EXPECT_THROW(run(roll_back_after_an_error(database(), alice())), std::exception);

    EXPECT_THAT(texts_of(alice()), IsEmpty());
    run(write_note(database(), alice(), note(1, "after")));
    EXPECT_THAT(texts_of(alice()), ElementsAre("after"));
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Databases, DatabaseConformance, both_databases(), dialect_name);

}  // namespace afterresume::sql
