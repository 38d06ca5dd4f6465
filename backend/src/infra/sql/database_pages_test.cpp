#include "infra/sql/testing.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

namespace afterresume::sql {
namespace {

constexpr std::string_view schema = R"(
CREATE TABLE item (
    id bigint PRIMARY KEY, tenant_id bigint NOT NULL, kind text NOT NULL, flag boolean NOT NULL, words text, labels jsonb NOT NULL,
    moment timestamptz, day date NOT NULL, job uuid NOT NULL, share double precision NOT NULL
);
)";

enum class Kind : std::uint8_t { plain, odd };
BOOST_DESCRIBE_ENUM(Kind, plain, odd)

struct Item {
    std::int64_t id = 0;
    Kind kind = Kind::plain;
    bool flag = false;
    std::optional<std::string> words;
    std::vector<std::string> labels;
    std::optional<Timestamp> moment;
    LocalDate day;
    Uuid job;
    double share = 0;
    std::vector<std::string> without_column;
};
BOOST_DESCRIBE_STRUCT(
    Item, (), (id, kind, flag, words, labels, moment, day, job, share, without_column)
)

struct Key {
    std::int64_t id = 0;
    LocalDate day;
};
BOOST_DESCRIBE_STRUCT(Key, (), (id, day))

constexpr Statement insert{"item.insert", R"sql(
    INSERT INTO item (id, tenant_id, kind, flag, words, labels, moment, day, job, share)
    VALUES (:id, :tenant_id, :kind, :flag, :words, :labels, :moment, :day, :job, :share))sql"};
constexpr Statement list{
    "item.list", R"sql(
    SELECT id, kind, flag, words, labels, moment, day, job, share FROM item ORDER BY id LIMIT :limit)sql"
};
constexpr Statement divide{"item.divide", "SELECT 10 / (id - :id) FROM item WHERE id = 1"};

std::vector<Item> some_items() {
    Item full{
        1,
        Kind::odd,
        true,
        "Zürich \"quoted\" \\ back\nnext\ttab \x01 end, and a text that is longer than eight bytes",
        {"a", "\"b\""},
        Timestamp(std::chrono::milliseconds(1'772'357'400'250)),
        LocalDate(2026, 3, 1),
        Uuid::random(),
        0.25,
        {}
    };
    Item bare;
    bare.id = 2;
    bare.day = LocalDate(1969, 12, 31);
    Item last = full;
    last.id = 3;
    return {full, bare, last};
}

class DatabasePages : public OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        scratch.emplace(GetParam(), schema);
        scratch->run(fill());
    }
    Task<void> fill() {
        auto tx = scratch->database().begin(scratch->alice(), Access::write);
        for (const auto& item : some_items()) tx->defer(insert, scratch->alice(), item);
        co_await tx->commit();
    }
    JsonPage<Item, Key> page(std::int64_t size) {
        auto tx = scratch->database().begin(scratch->alice(), Access::read);
        return scratch->run(tx->page<Item, Key>(size, list));
    }
    std::vector<Item> rows() {
        auto tx = scratch->database().begin(scratch->alice(), Access::read);
        return scratch->run(tx->all<Item>(list, named("limit", 100)));
    }
    Task<void> ask(std::int64_t id, std::vector<std::string>& answers) {
        try {
            auto tx = scratch->database().begin(scratch->alice(), Access::read);
            co_await tx->all<std::optional<std::int64_t>>(divide, named("id", id));
            answers.emplace_back("answered");
        } catch (const Error& error) {
            answers.push_back(error.code());
        }
    }
    Task<void> until(const std::vector<std::string>& answers, std::size_t all) {
        while (answers.size() < all) co_await boost::asio::post(boost::asio::use_awaitable);
    }

    std::optional<ScratchDatabase> scratch;
};
INSTANTIATE_TEST_SUITE_P(Databases, DatabasePages, both_databases(), dialect_name);

TEST_P(DatabasePages, WriteRowsAsTheirStructsWouldBe) {
    auto written = describe::parse<Json>(page(10).items.text);

    EXPECT_EQ(written, describe::parse<Json>(describe::to_json(rows())));
}

TEST_P(DatabasePages, KnowTheirLastRowWhenThereAreMore) {
    auto first = page(2);

    ASSERT_TRUE(first.last);
    EXPECT_EQ(first.last->id, 2);
    EXPECT_EQ(first.last->day, LocalDate(1969, 12, 31));
    EXPECT_EQ(describe::parse<std::vector<Json>>(first.items.text).size(), 2U);
    EXPECT_FALSE(page(3).last);
}

TEST_P(DatabasePages, AreEmptyListsWithoutRows) {
    auto tx = scratch->database().begin(scratch->bob(), Access::read);
    auto none = scratch->run(tx->page<Item, Key>(5, list));

    EXPECT_EQ(none.items.text, "[]");
    EXPECT_FALSE(none.last);
}

TEST_P(DatabasePages, LetOneFailingReadAmongManyHurtItselfAlone) {
    std::vector<std::string> answers;
    auto spawn = [&](std::int64_t id) {
        boost::asio::co_spawn(scratch->io(), ask(id, answers), boost::asio::detached);
    };

    for (int number = 0; number < 20; ++number) spawn(number == 7 ? 1 : 5);
    scratch->run(until(answers, 20));

    // SQLite divides by zero without a word.
    auto failed = GetParam() == Dialect::postgres ? 1 : 0;
    EXPECT_EQ(std::ranges::count(answers, "sql.failed"), failed);
    EXPECT_EQ(std::ranges::count(answers, "answered"), 20 - failed);
}

}  // namespace
}  // namespace afterresume::sql
