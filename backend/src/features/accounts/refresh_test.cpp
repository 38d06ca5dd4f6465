#include "features/accounts/refresh_use.h"
#include "features/accounts/testing.h"
#include "infra/single_use/testing.h"

#include <set>

namespace afterresume::accounts {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Not;

class RefreshTest : public SignInTest {
protected:
    void SetUp() override {
        SignInTest::SetUp();
        if (!IsSkipped()) ada = sign_up(a_sign_up("ada@example.com"));
    }
    std::string refusal(const Grant& grant, const auditing::Origin& origin = laptop) {
        return code_of([&] { refresh(grant, origin); });
    }
    void number_lower(const Grant& newest) {
        change(newest, {"test.number_lower", R"sql(
            UPDATE refresh_token SET id = (SELECT min(id) FROM refresh_token) - 1
            WHERE user_id = :user_id AND rotated_at IS NULL)sql"});
    }
    std::int64_t kept_successors() { return scratch->run(kept()); }
    Task<std::int64_t> kept() {
        static constexpr sql::Statement statement{
            "test.successors", "SELECT count(*) FROM refresh_token WHERE successor IS NOT NULL"
        };
        auto tx = scratch->database().begin_engine(sql::Access::read);
        co_return co_await tx->one<std::int64_t>(statement);
    }
    std::int64_t empty_successors() { return scratch->run(emptied()); }
    Task<std::int64_t> emptied() {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto all = co_await accounts.empty_successors(*tx, clock.now() - refresh_grace, 100);
        co_await tx->commit();
        co_return all;
    }
    Task<void> refresh_at(const Grant& grant, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        auto next = co_await open->refresh(grant.refresh_token, std::nullopt, laptop, correlation);
        successors.insert(next.refresh_token);
    }

    Grant ada;
    std::set<std::string> successors;
};

INSTANTIATE_TEST_SUITE_P(Databases, RefreshTest, sql::both_databases(), sql::dialect_name);

TEST_P(RefreshTest, GivesANewTokenForTheSameSession) {
    auto next = refresh(ada);

    EXPECT_NE(next.refresh_token, ada.refresh_token);
    EXPECT_EQ(scope_of(next).session(), scope_of(ada).session());
    EXPECT_EQ(scope_of(next).role(), Role::owner);
    EXPECT_EQ(next.body.user.email, "ada@example.com");
}

TEST_P(RefreshTest, KeepsPeopleSignedInForThirtyDays) {
    auto grant = ada;
    for (int day = 1; day < 30; ++day) {
        clock.advance(std::chrono::days(1));
        grant = refresh(grant);
    }

    clock.advance(std::chrono::days(1));

    EXPECT_EQ(refusal(grant), "accounts.not_signed_in");
}

TEST_P(RefreshTest, GivesTheSameSuccessorToWhoLostTheAnswer) {
    auto lost = refresh(ada);

    clock.advance(10s);
    auto again = refresh(ada);

    EXPECT_EQ(again.refresh_token, lost.refresh_token);
    EXPECT_NO_THROW(refresh(again));
}

TEST_P(RefreshTest, EndsTheFamilyWhenATokenIsUsedAgainLater) {
    auto next = refresh(ada);

    clock.advance(10s + 1ms);
    auto reused = refusal(ada);

    EXPECT_EQ(reused, "accounts.not_signed_in");
    EXPECT_EQ(refusal(next), "accounts.not_signed_in");
    EXPECT_FALSE(is_signed_in(next));
    EXPECT_THAT(trail(log_in("ada@example.com")), Contains("refresh_reuse failure"));
}

TEST_P(RefreshTest, EndsTheFamilyWhenAnotherClientUsesATokenAgain) {
    auto next = refresh(ada);

    auto stolen = refusal(ada, phone);

    EXPECT_EQ(stolen, "accounts.not_signed_in");
    EXPECT_EQ(refusal(next), "accounts.not_signed_in");
}

TEST_P(RefreshTest, RefusesAGrandparentWithoutHarm) {
    auto parent = refresh(ada);
    auto newest = refresh(parent);

    auto late = refusal(ada);

    EXPECT_EQ(late, "accounts.not_signed_in");
    EXPECT_NO_THROW(refresh(newest));
    EXPECT_THAT(trail(newest), Not(Contains("refresh_reuse failure")));
}

// As if each had come from a node whose block of ids lies below that of the node before.
TEST_P(RefreshTest, KnowsParentsFromGrandparentsWhateverTheirIds) {
    auto parent = refresh(ada);
    number_lower(parent);
    auto newest = refresh(parent);
    number_lower(newest);

    auto lost = refresh(parent);
    auto late = refusal(ada);

    EXPECT_EQ(lost.refresh_token, newest.refresh_token);
    EXPECT_EQ(late, "accounts.not_signed_in");
    EXPECT_NO_THROW(refresh(newest));
}

TEST_P(RefreshTest, EndsTheFamilyWhenAGrandparentIsUsedLater) {
    auto parent = refresh(ada);
    auto newest = refresh(parent);
    clock.advance(10s + 1ms);

    refusal(ada);

    EXPECT_EQ(refusal(newest), "accounts.not_signed_in");
    EXPECT_THAT(trail(log_in("ada@example.com")), Contains("refresh_reuse failure"));
}

TEST_P(RefreshTest, NeitherRepeatsNorPunishesByAClockThatWasSetBack) {
    auto next = refresh(ada);
    clock.advance(-1h);

    auto reused = refusal(ada);

    EXPECT_EQ(reused, "accounts.not_signed_in");
    EXPECT_NO_THROW(refresh(next));
}

TEST_P(RefreshTest, KeepsASuccessorNoLongerThanItMayBeGivenAgain) {
    auto parent = refresh(ada);
    auto after_one = kept_successors();
    auto newest = refresh(parent);
    auto after_two = kept_successors();
    clock.advance(10s);
    auto in_grace = empty_successors();
    clock.advance(1ms);
    auto after_it = empty_successors();

    EXPECT_EQ(after_one, 1);
    EXPECT_EQ(after_two, 1);
    EXPECT_EQ(in_grace, 0);
    EXPECT_EQ(after_it, 1);
    EXPECT_EQ(kept_successors(), 0);
    EXPECT_NO_THROW(refresh(newest));
}

TEST_P(RefreshTest, KnowsNoTokenThatItDidNotGive) {
    Grant made_up;
    made_up.refresh_token = "made up";

    EXPECT_EQ(refusal(made_up), "accounts.not_signed_in");
    EXPECT_EQ(refusal(Grant{}), "accounts.not_signed_in");
}

TEST_P(RefreshTest, GivesManyAtOnceTheSameSuccessor) {
    for (int round = 1; round <= single_use::rounds(); ++round) {
        auto ends = single_use::at_once(*scratch, [&](single_use::Barrier& barrier) {
            return refresh_at(ada, barrier);
        });

        ASSERT_EQ(ends, (single_use::Ends{{"done", single_use::many}}));
        ASSERT_EQ(successors.size(), 1U);
        ada.refresh_token = *successors.begin();
        successors.clear();
        clock.advance(1min);
    }
    EXPECT_THAT(trail(refresh(ada)), Not(Contains("refresh_reuse failure")));
}

TEST_P(RefreshTest, LeavesTheFamiliesOfOtherDevicesAlone) {
    auto other = log_in("ada@example.com");
    refresh(ada);
    clock.advance(1min);

    refusal(ada);

    EXPECT_TRUE(is_signed_in(other));
    EXPECT_NO_THROW(refresh(other));
}

}  // namespace
}  // namespace afterresume::accounts
