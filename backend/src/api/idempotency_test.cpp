#include "api/idempotency.h"

#include "embedded/migrations.h"
#include "infra/single_use/testing.h"

#include <gmock/gmock.h>

namespace afterresume::api {
namespace {

class IdempotencyTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) home.emplace(GetParam(), embedded::migrations());
    }
    static Keyed a_key(std::string key) {
        return {"POST /api/worklogs/", std::move(key), std::string(32, 'h')};
    }
    Task<void> act(Keyed keyed, std::string done, single_use::Barrier& barrier) {
        auto tx = home->database().begin(home->alice(), sql::Access::write);
        co_await barrier.arrive();
        co_await keys.claim(*tx, home->alice(), keyed);
        http::Response answer;
        answer.status = 201;
        answer.body = done;
        co_await keys.keep(*tx, home->alice(), keyed, answer);
        co_await tx->commit();
        answered = done;
    }
    Task<void> act_and_roll_back(Keyed keyed) {
        auto tx = home->database().begin(home->alice(), sql::Access::write);
        co_await keys.claim(*tx, home->alice(), keyed);
        co_await keys.keep(*tx, home->alice(), keyed, {});
        co_await tx->rollback();
    }
    // Nothing when it was not done.
    std::string kept(const Keyed& keyed) { return home->run(found(keyed)); }
    Task<std::string> found(Keyed keyed) {
        auto tx = home->database().begin(home->alice(), sql::Access::read);
        auto answer = co_await keys.find(*tx, home->alice(), keyed);
        co_return answer ? answer->body : "";
    }
    single_use::Ends act_at_once(const Keyed& keyed) {
        int number = 0;
        return single_use::at_once(*home, [&](single_use::Barrier& barrier) {
            return act(keyed, "the answer to " + std::to_string(++number), barrier);
        });
    }

    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    Idempotency keys{clock};
    // To the last whose act was done.
    std::string answered;
    std::optional<sql::ScratchDatabase> home;
};

INSTANTIATE_TEST_SUITE_P(Databases, IdempotencyTest, sql::both_databases(), sql::dialect_name);

TEST_P(IdempotencyTest, LetsOneOfManyActAtOnceAndKeepsItsAnswer) {
    for (int round = 0; round < single_use::rounds(); ++round) {
        auto keyed = a_key("key " + std::to_string(round));

        auto ends = act_at_once(keyed);

        ASSERT_EQ(ends["done"], 1);
        ASSERT_EQ(
            ends["idempotency.in_flight"] + ends["idempotency.answered"], single_use::many - 1
        );
        ASSERT_EQ(kept(keyed), answered);
    }
}

TEST_P(IdempotencyTest, KeepsNothingOfWhatWasRolledBack) {
    auto keyed = a_key("undone");

    home->run(act_and_roll_back(keyed));

    EXPECT_EQ(kept(keyed), "");
    EXPECT_EQ(act_at_once(keyed)["done"], 1);
}

}  // namespace
}  // namespace afterresume::api
