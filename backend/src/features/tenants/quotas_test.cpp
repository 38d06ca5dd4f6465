#include "embedded/plans.h"
#include "features/tenants/testing.h"
#include "infra/single_use/testing.h"

#include <boost/json/value.hpp>

#include <gmock/gmock.h>

namespace afterresume::tenants {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Key;
using testing::Pair;

class QuotasTest : public TenantTest {
protected:
    void SetUp() override {
        TenantTest::SetUp();
        if (IsSkipped()) return;
        quotas.emplace(
            home->database(), std::map<std::string, Limits>{{"small", {3, 2, 1, 4}}}, clock,
            [this] { return now; }
        );
        tenants.limit_with(*quotas);
        home->run(found());
    }

    // As an operator does on another node.
    void limit(std::optional<std::string> plan, Limits own) {
        home->run(limited({TenantId{1}, std::move(plan), own, UserId{7}, clock.now()}));
        now += 1s;
    }
    Task<void> limited(TenantLimits limits) {
        auto tx = home->database().begin_engine(sql::Access::write);
        quotas->set_limits(*tx, limits);
        co_await tx->commit();
    }
    Task<void> taken(std::int64_t count) {
        auto scope = scope_of(11);
        auto tx = home->database().begin(scope, sql::Access::write);
        co_await quotas->take_entries(*tx, scope, count);
        co_await tx->commit();
    }
    // The quota that refused it, as "used/limit"; "none" when nothing did.
    std::string take(std::int64_t count) {
        try {
            home->run(taken(count));
        } catch (const QuotaExceeded& error) {
            return fmt::format("{}/{}", error.state().used, error.state().limit.value_or(-1));
        }
        return "none";
    }
    Task<void> take_at(single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await taken(1);
    }
    Task<void> join_at(std::int64_t user, single_use::Barrier& barrier) {
        static constexpr sql::Statement statement{
            "test.user", R"sql(
            INSERT INTO app_user (id, email, email_folded, password_hash, display_name, time_zone, locale, is_staff,
                                  is_active, created_at, updated_at)
            VALUES (:user_id, :email, :email, '', :email, 'UTC', 'en', FALSE, TRUE, :now, :now))sql"
        };
        auto scope = scope_of(user);
        co_await barrier.arrive();
        auto tx = home->database().begin(scope, sql::Access::write);
        tx->defer(
            statement, scope, sql::named("email", fmt::format("user{}@example.org", user)),
            sql::named("now", clock.now())
        );
        co_await tenants.join(*tx, scope, Role::member);
        co_await tx->commit();
    }
    std::vector<std::string> usage() { return home->run(used()); }
    Task<std::vector<std::string>> used() {
        auto scope = scope_of(11);
        auto tx = home->database().begin(scope, sql::Access::read);
        std::vector<std::string> out;
        for (const auto& one : co_await quotas->list(*tx, scope))
            out.push_back(fmt::format(
                "{} {}/{}", describe::name_of(one.quota), one.used,
                one.limit ? std::to_string(*one.limit) : "any"
            ));
        co_return out;
    }

    Quotas::Rows::Time now{1h};
    std::optional<Quotas> quotas;
};

INSTANTIATE_TEST_SUITE_P(Databases, QuotasTest, sql::both_databases(), sql::dialect_name);

TEST_P(QuotasTest, LimitsNobodyWhoIsNotLimited) {
    EXPECT_EQ(take(1'000'000), "none");

    EXPECT_THAT(
        usage(),
        ElementsAre(
            "entries_per_day 0/any", "members 0/any", "concurrent_jobs 0/any", "share_links 0/any"
        )
    );
}

TEST_P(QuotasTest, PutsFiguresOfATenantsOwnBeforeThoseOfItsPlan) {
    limit("small", {5, std::nullopt, std::nullopt});

    EXPECT_THAT(
        usage(),
        ElementsAre("entries_per_day 0/5", "members 0/2", "concurrent_jobs 0/1", "share_links 0/4")
    );
}

TEST_P(QuotasTest, CountsNothingOfWhatItRefuses) {
    limit("small", {});
    ASSERT_EQ(take(2), "none");

    EXPECT_EQ(take(2), "2/3");
    EXPECT_EQ(take(1), "none");
    EXPECT_EQ(take(1), "3/3");
}

TEST_P(QuotasTest, BeginsAnewAtMidnight) {
    limit("small", {});
    ASSERT_EQ(take(3), "none");

    clock.advance(14h);

    EXPECT_EQ(take(3), "none");
}

TEST_P(QuotasTest, LearnsWithinASecondThatALimitIsLifted) {
    limit("small", {});
    ASSERT_EQ(take(4), "0/3");

    limit(std::nullopt, {});

    EXPECT_EQ(take(4), "none");
}

TEST_P(QuotasTest, GivesNoMoreThanThereIsHoweverManyTakeAtOnce) {
    limit(std::nullopt, {10, std::nullopt, std::nullopt});

    auto ends =
        single_use::at_once(*home, [&](single_use::Barrier& barrier) { return take_at(barrier); });

    EXPECT_THAT(
        ends, ElementsAre(Pair("done", 10), Pair("tenants.quota_exceeded", single_use::many - 10))
    );
    EXPECT_EQ(usage().front(), "entries_per_day 10/10");
}

TEST_P(QuotasTest, LetsNoMoreInThanMayHoweverManyJoinAtOnce) {
    limit(std::nullopt, {std::nullopt, 10, std::nullopt});
    std::int64_t next = 100;

    auto ends = single_use::at_once(*home, [&](single_use::Barrier& barrier) {
        return join_at(next++, barrier);
    });

    EXPECT_THAT(
        ends, ElementsAre(Pair("done", 10), Pair("tenants.quota_exceeded", single_use::many - 10))
    );
    EXPECT_EQ(usage().at(1), "members 10/10");
}

TEST_P(QuotasTest, KnowsNoPlanThatThereIsNot) { EXPECT_THROW(limit("golden", {}), Error); }

TEST(Plans, AreReadFromData) {
    auto plans = read_plans(embedded::plans().front().text);

    EXPECT_THAT(plans, ElementsAre(Key("free"), Key("pro"), Key("team")));
    EXPECT_GT(plans.at("pro").entries_per_day, plans.at("free").entries_per_day);
    EXPECT_THROW(read_plans("free: {wishes: 3}"), std::logic_error);
    EXPECT_THROW(read_plans("free: {members: many}"), std::logic_error);
}

}  // namespace
}  // namespace afterresume::tenants
