#include "infra/single_use/single_use.h"

#include "infra/single_use/testing.h"

#include <gmock/gmock.h>

namespace afterresume::single_use {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr std::string_view schema = R"sql(
CREATE TABLE secret (
    id bigint PRIMARY KEY, tenant_id bigint NOT NULL, used_by bigint, harmed boolean NOT NULL
);
CREATE TABLE trace (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, secret_id bigint NOT NULL);
)sql";

struct Row {
    std::optional<std::int64_t> used_by;
    bool harmed = false;
};
BOOST_DESCRIBE_STRUCT(Row, (), (used_by, harmed))

// A number that may be said once by each; saying it negative is an abuse.
class Saying final : public Use {
public:
    Saying(const Scope& scope, std::int64_t id, std::int64_t by)
        : scope_(scope), id_(id), by_(by) {}

    Task<bool> lock(sql::Tx& tx) override {
        static constexpr sql::Statement statement{
            "saying.lock", R"sql(
            SELECT used_by, harmed FROM secret WHERE tenant_id = :tenant_id AND id = :id FOR UPDATE)sql"
        };
        row_ = co_await tx.find<Row>(statement, scope_, sql::named("id", id_));
        co_return row_.has_value();
    }
    Verdict check() const override {
        if (by_ < 0) return Verdict::abused;
        if (!row_->used_by) return Verdict::fresh;
        return *row_->used_by == by_ ? Verdict::repeated : Verdict::spent;
    }
    Task<bool> consume(sql::Tx& tx) override {
        static constexpr sql::Statement statement{
            "saying.consume", R"sql(
            UPDATE secret SET used_by = :by WHERE tenant_id = :tenant_id AND id = :id AND used_by IS NULL)sql"
        };
        co_return co_await tx.execute(
            statement, scope_, sql::named("id", id_), sql::named("by", by_)
        ) == 1;
    }
    Task<void> punish(sql::Tx& tx) override {
        static constexpr sql::Statement statement{"saying.punish", R"sql(
            UPDATE secret SET harmed = true WHERE tenant_id = :tenant_id AND id = :id)sql"};
        co_await tx.execute(statement, scope_, sql::named("id", id_));
    }
    Task<void> audit(sql::Tx& tx, Verdict) override {
        static constexpr sql::Statement statement{"saying.audit", R"sql(
            INSERT INTO trace (id, tenant_id, secret_id) VALUES (:trace, :tenant_id, :id))sql"};
        tx.defer(statement, scope_, sql::named("trace", id_ * 1000 + by_), sql::named("id", id_));
        co_return;
    }

private:
    const Scope& scope_;
    std::int64_t id_;
    std::int64_t by_;
    std::optional<Row> row_;
};

class SingleUse : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) home.emplace(GetParam(), schema);
    }
    void make(std::int64_t id) { home->run(made(id)); }
    Task<void> made(std::int64_t id) {
        static constexpr sql::Statement statement{"test.secret", R"sql(
            INSERT INTO secret (id, tenant_id, harmed) VALUES (:id, :tenant_id, false))sql"};
        auto tx = home->database().begin(home->alice(), sql::Access::write);
        tx->defer(statement, home->alice(), sql::named("id", id));
        co_await tx->commit();
    }
    // Throws "test.again" or "test.spent" unless it was the one.
    Task<void> say(std::int64_t id, std::int64_t by, Barrier* barrier = nullptr) {
        auto tx = home->database().begin(home->alice(), sql::Access::write);
        if (barrier != nullptr) co_await barrier->arrive();
        Saying saying(home->alice(), id, by);
        auto verdict = co_await once(*tx, saying);
        co_await tx->commit();
        if (verdict != Verdict::fresh)
            throw Error(
                ErrorKind::gone, verdict == Verdict::spent ? "test.spent" : "test.again", "Used."
            );
    }
    std::string said(std::int64_t id, std::int64_t by) {
        try {
            home->run(say(id, by));
        } catch (const Error& error) {
            return error.code();
        }
        return "done";
    }
    Task<void> say_and_roll_back(std::int64_t id, std::int64_t by) {
        auto tx = home->database().begin(home->alice(), sql::Access::write);
        Saying saying(home->alice(), id, by);
        co_await once(*tx, saying);
        co_await tx->rollback();
    }
    std::int64_t traces() { return home->run(counted()); }
    Task<std::int64_t> counted() {
        static constexpr sql::Statement statement{
            "test.traces", "SELECT count(*) FROM trace WHERE tenant_id = :tenant_id"
        };
        auto tx = home->database().begin(home->alice(), sql::Access::read);
        co_return co_await tx->one<std::int64_t>(statement, home->alice());
    }
    bool harmed(std::int64_t id) { return home->run(row(id)).harmed; }
    Task<Row> row(std::int64_t id) {
        static constexpr sql::Statement statement{
            "test.row",
            "SELECT used_by, harmed FROM secret WHERE tenant_id = :tenant_id AND id = :id"
        };
        auto tx = home->database().begin(home->alice(), sql::Access::read);
        co_return co_await tx->one<Row>(statement, home->alice(), sql::named("id", id));
    }

    std::optional<sql::ScratchDatabase> home;
};

INSTANTIATE_TEST_SUITE_P(Databases, SingleUse, sql::both_databases(), sql::dialect_name);

TEST_P(SingleUse, IsFreshOnceAndLeavesOneTrace) {
    make(1);

    EXPECT_EQ(said(1, 7), "done");
    EXPECT_EQ(said(1, 7), "test.again");
    EXPECT_EQ(said(1, 8), "test.spent");
    EXPECT_EQ(said(2, 7), "test.spent");
    EXPECT_EQ(traces(), 1);
}

TEST_P(SingleUse, BurnsNothingInATransactionThatIsRolledBack) {
    make(1);

    home->run(say_and_roll_back(1, 7));

    EXPECT_EQ(traces(), 0);
    EXPECT_EQ(said(1, 8), "done");
}

TEST_P(SingleUse, AnswersAnAbuseInItsOwnTransaction) {
    make(1);

    said(1, -1);

    EXPECT_TRUE(harmed(1));
    EXPECT_EQ(traces(), 1);
    EXPECT_EQ(said(1, 7), "done");
}

TEST_P(SingleUse, IsFreshForExactlyOneOfManyAtOnce) {
    for (int round = 1; round <= rounds(); ++round) {
        make(round);
        std::int64_t by = 0;

        auto ends = at_once(*home, [&](Barrier& barrier) { return say(round, ++by, &barrier); });

        ASSERT_THAT(ends, ElementsAre(Pair("done", 1), Pair("test.spent", many - 1)));
        ASSERT_EQ(traces(), round);
    }
}

}  // namespace
}  // namespace afterresume::single_use
