#include "infra/resealing/resealing.h"

#include "infra/crypto/crypto.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::resealing {
namespace {

struct Box {
    std::int64_t id = 0;
    sql::Blob content;
};
BOOST_DESCRIBE_STRUCT(Box, (), (id, content))

constexpr std::string_view schema = R"sql(-- engine: box
CREATE TABLE box (id bigint PRIMARY KEY, content bytea NOT NULL);)sql";

constexpr sql::Statement next{
    "test.next", "SELECT id, content FROM box WHERE id > :id ORDER BY id LIMIT :limit"
};
constexpr sql::Statement put{
    "test.put", "UPDATE box SET content = :sealed WHERE id = :id AND content = :content"
};

std::string key(char letter) { return std::string(32, letter); }
std::string context_of(std::int64_t id) { return "box " + std::to_string(id); }

class Boxes : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) scratch.emplace(GetParam(), schema);
    }
    void fill(std::int64_t from, std::int64_t to, char letter) {
        scratch->run(filled(from, to, letter));
    }
    Task<void> filled(std::int64_t from, std::int64_t to, char letter) {
        static constexpr sql::Statement insert{
            "test.insert", "INSERT INTO box (id, content) VALUES (:id, :content)"
        };
        auto tx = scratch->database().begin_engine(sql::Access::write);
        for (auto id = from; id <= to; ++id)
            tx->defer(insert, Box{id, {crypto::seal(key(letter), "gold", context_of(id))}});
        co_await tx->commit();
    }
    // Ends as a process does that is killed, before the box of that number is written.
    Tally reseal(
        std::vector<std::string> keys, sql::Access access = sql::Access::write,
        std::int64_t ends_at = 0
    ) {
        auto anew = [=](const Box& box) -> Anew {
            if (box.id == ends_at) throw std::runtime_error("killed");
            auto done = resealing::reseal(keys, box.content.bytes, context_of(box.id));
            return {done.was, sql::Value{sql::Blob{std::move(done.sealed)}}};
        };
        return scratch->run(
            reseal_rows<Box>(scratch->database(), access, {next, put, 3}, std::move(anew))
        );
    }

    std::optional<sql::ScratchDatabase> scratch;
};

INSTANTIATE_TEST_SUITE_P(Databases, Boxes, sql::both_databases(), sql::dialect_name);

TEST_P(Boxes, AreSealedAnewOnceAndNeedTheFormerKeyNoLonger) {
    fill(1, 7, 'a');
    fill(8, 9, 'b');

    auto first = reseal({key('b'), key('a')});
    auto again = reseal({key('b'), key('a')});
    auto without = reseal({key('b')});

    EXPECT_EQ(first, (Tally{.newest = 2, .former = 7, .unknown = 0}));
    EXPECT_EQ(again, (Tally{.newest = 9, .former = 0, .unknown = 0}));
    EXPECT_EQ(without, again);
}

TEST_P(Boxes, AreOnlyCountedByWhoReads) {
    fill(1, 5, 'a');

    auto counted = reseal({key('b'), key('a')}, sql::Access::read);

    EXPECT_EQ(counted, (Tally{.newest = 0, .former = 5, .unknown = 0}));
    EXPECT_EQ(reseal({key('b'), key('a')}, sql::Access::read), counted);
}

TEST_P(Boxes, AreGoneOnWithWhereSomebodyWasKilled) {
    fill(1, 10, 'a');

    EXPECT_THROW(reseal({key('b'), key('a')}, sql::Access::write, 8), std::runtime_error);
    auto left = reseal({key('b'), key('a')}, sql::Access::read);
    auto rest = reseal({key('b'), key('a')});

    EXPECT_EQ(left, (Tally{.newest = 6, .former = 4, .unknown = 0}));
    EXPECT_EQ(rest, left);
    EXPECT_EQ(reseal({key('b')}), (Tally{.newest = 10, .former = 0, .unknown = 0}));
}

TEST_P(Boxes, StayAsTheyAreWhereNoKeyOpensThem) {
    fill(1, 1, 'x');
    fill(2, 2, 'a');

    auto tally = reseal({key('b'), key('a')});

    EXPECT_EQ(tally, (Tally{.newest = 0, .former = 1, .unknown = 1}));
    EXPECT_EQ(reseal({key('x')}), (Tally{.newest = 1, .former = 0, .unknown = 1}));
}

}  // namespace
}  // namespace afterresume::resealing
