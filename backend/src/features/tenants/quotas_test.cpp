#include "embedded/plans.h"
#include "features/tenants/testing.h"
#include "infra/single_use/testing.h"

#include <boost/json/value.hpp>

#include <gmock/gmock.h>

namespace afterresume::tenants {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
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
    Task<void> joined(std::int64_t user) {
        static constexpr sql::Statement statement{
            "test.user", R"sql(
            INSERT INTO app_user (id, email, email_folded, password_hash, display_name, time_zone, locale, is_staff,
                                  is_active, created_at, updated_at)
            VALUES (:user_id, :email, :email, '', :email, 'UTC', 'en', FALSE, TRUE, :now, :now))sql"
        };
        auto scope = scope_of(user);
        auto tx = home->database().begin(scope, sql::Access::write);
        tx->defer(
            statement, scope, sql::named("email", fmt::format("user{}@example.org", user)),
            sql::named("now", clock.now())
        );
        co_await tenants.join(*tx, scope, Role::member);
        co_await tx->commit();
    }
    Task<void> join_at(std::int64_t user, single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await joined(user);
    }
    // A member comes into being who may have so many percent.
    void cap(std::int64_t user, std::int64_t percent) { home->run(capped(user, percent)); }
    Task<void> capped(std::int64_t user, std::int64_t percent) {
        static constexpr sql::Statement statement{"test.cap", R"sql(
            UPDATE membership SET share_percent = :percent
            WHERE tenant_id = :tenant_id AND user_id = :user_id)sql"};
        co_await joined(user);
        auto scope = scope_of(user);
        auto tx = home->database().begin(scope, sql::Access::write);
        tx->defer(statement, scope, sql::named("percent", percent));
        co_await tx->commit();
    }
    // A job of the scope's user as the engine keeps it.
    void add_job(
        sql::Tx& tx, const Scope& scope, std::string_view state, std::string_view queue = "ai"
    ) {
        static constexpr sql::Statement asked{
            "test.asked", R"sql(
            INSERT INTO job (id, tenant_id, user_id, type, queue, priority, triggered_by, payload, trace_id, correlation_id,
                             max_attempts, created_at, generation, lease_seq, attempts, cost)
            VALUES (:id, :tenant_id, :user_id, 'test', :queue, 1, 'api', '{}', :id, :id, 1, :now, 1, 0, 0, 0))sql"
        };
        static constexpr sql::Statement live{
            "test.live", R"sql(
            INSERT INTO job_hot (id, tenant_id, type, queue, priority, state, run_at, unmet, key_held_while_running,
                                 lease_seq, generation, attempts, rescues, event_seq, cancel_requested)
            VALUES (:id, :tenant_id, 'test', :queue, 1, :state, :now, 0, FALSE, 0, 1, 0, 0, 1, FALSE))sql"
        };
        auto id = sql::named("id", Uuid::random());
        auto at = sql::named("now", clock.now());
        tx.defer(asked, scope, id, sql::named("queue", queue), at);
        tx.defer(live, scope, id, sql::named("state", state), sql::named("queue", queue), at);
    }
    Task<void> queued(std::vector<std::string> states, std::int64_t user) {
        auto scope = scope_of(user);
        auto tx = home->database().begin(scope, sql::Access::write);
        for (const auto& state : states) add_job(*tx, scope, state);
        co_await quotas->require_queued_jobs(*tx, scope, static_cast<std::int64_t>(states.size()));
        co_await tx->commit();
    }
    Task<void> running_in(std::vector<std::string> queues) {
        auto scope = scope_of(11);
        auto tx = home->database().begin(scope, sql::Access::write);
        for (const auto& queue : queues) add_job(*tx, scope, "running", queue);
        co_await tx->commit();
    }
    // The quota that refused them, as usage() has it; "none" when nothing did.
    std::string queue(std::vector<std::string> states, std::int64_t user = 11) {
        try {
            home->run(queued(std::move(states), user));
        } catch (const QuotaExceeded& error) {
            EXPECT_EQ(error.retry_after(), 10);
            return text_of(error.state());
        }
        return "none";
    }
    Task<void> queue_at(single_use::Barrier& barrier) {
        co_await barrier.arrive();
        co_await queued({"ready"}, 11);
    }
    static std::string text_of(const QuotaState& state) {
        return fmt::format(
            "{} {}/{}", describe::name_of(state.quota), state.used,
            state.limit ? std::to_string(*state.limit) : "any"
        );
    }
    std::vector<std::string> usage(std::int64_t user = 11) { return home->run(used(user)); }
    Task<std::vector<std::string>> used(std::int64_t user) {
        auto scope = scope_of(user);
        auto tx = home->database().begin(scope, sql::Access::read);
        std::vector<std::string> out;
        for (const auto& one : co_await quotas->list(*tx, scope)) out.push_back(text_of(one));
        co_return out;
    }

    Quotas::Rows::Time now{1h};
    std::optional<Quotas> quotas;
};

INSTANTIATE_TEST_SUITE_P(Databases, QuotasTest, sql::both_databases(), sql::dialect_name);

TEST_P(QuotasTest, LimitsNobodyWhoIsNotLimited) {
    EXPECT_EQ(take(1'000'000), "none");

    EXPECT_THAT(
        usage(), ElementsAre(
                     "entries_per_day 0/any", "members 0/any", "concurrent_jobs 0/any",
                     "share_links 0/any", "queued_jobs 0/any"
                 )
    );
}

TEST_P(QuotasTest, PutsFiguresOfATenantsOwnBeforeThoseOfItsPlan) {
    limit("small", {5, std::nullopt, std::nullopt});

    EXPECT_THAT(
        usage(), ElementsAre(
                     "entries_per_day 0/5", "members 0/2", "concurrent_jobs 0/1", "share_links 0/4",
                     "queued_jobs 0/any"
                 )
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

TEST_P(QuotasTest, QueuesNoMoreJobsThanMayHoweverManyAreAskedForAtOnce) {
    Limits ten;
    ten.queued_jobs = 10;
    limit(std::nullopt, ten);

    auto ends =
        single_use::at_once(*home, [&](single_use::Barrier& barrier) { return queue_at(barrier); });

    EXPECT_THAT(
        ends, ElementsAre(Pair("done", 10), Pair("tenants.quota_exceeded", single_use::many - 10))
    );
    EXPECT_EQ(usage().back(), "queued_jobs 10/10");
}

TEST_P(QuotasTest, CountsJobsThatHaveNotBegun) {
    Limits three;
    three.queued_jobs = 3;
    limit(std::nullopt, three);

    EXPECT_EQ(queue({"ready", "scheduled", "blocked", "running", "waiting"}), "none");
    EXPECT_EQ(queue({"running"}), "none");
    EXPECT_EQ(queue({"scheduled", "ready"}), "queued_jobs 3/3");
    EXPECT_EQ(usage().back(), "queued_jobs 3/3");
}

TEST_P(QuotasTest, CapsAMemberAtTheirShareOfTheQueuedJobs) {
    cap(11, 50);
    cap(12, 100);
    Limits five;
    five.queued_jobs = 5;
    limit(std::nullopt, five);

    EXPECT_EQ(queue({"ready", "scheduled", "blocked"}), "own_queued_jobs 0/2");
    EXPECT_EQ(queue({"ready", "scheduled", "running"}), "none");
    EXPECT_EQ(queue({"blocked"}), "own_queued_jobs 2/2");
    EXPECT_EQ(queue({"ready", "ready", "ready"}, 12), "none");
    EXPECT_EQ(queue({"ready"}, 12), "queued_jobs 5/5");
    EXPECT_THAT(usage(11), Contains("queued_jobs 5/5"));
    EXPECT_EQ(usage(11).back(), "own_queued_jobs 2/2");
    EXPECT_EQ(usage(12).back(), "queued_jobs 5/5");
}

TEST_P(QuotasTest, CapsNobodyWhereTheTenantIsNotLimited) {
    cap(11, 1);

    EXPECT_EQ(queue({"ready", "ready", "ready"}), "none");
    EXPECT_EQ(usage().back(), "queued_jobs 3/any");
}

TEST_P(QuotasTest, QueuesNoMoreJobsOfAMemberThanTheirShareHoweverManyAreAskedForAtOnce) {
    cap(11, 50);
    Limits twenty;
    twenty.queued_jobs = 20;
    limit(std::nullopt, twenty);

    auto ends =
        single_use::at_once(*home, [&](single_use::Barrier& barrier) { return queue_at(barrier); });

    EXPECT_THAT(
        ends, ElementsAre(Pair("done", 10), Pair("tenants.quota_exceeded", single_use::many - 10))
    );
    EXPECT_EQ(usage().back(), "own_queued_jobs 10/10");
}

TEST(Shares, AreRoundedDownAndOneAtLeast) {
    EXPECT_EQ(share_of(200, 33), 66);
    EXPECT_EQ(share_of(3, 99), 2);
    EXPECT_EQ(share_of(3, 1), 1);
    EXPECT_EQ(share_of(1'000'000'000, 99), 990'000'000);
    EXPECT_EQ(share_of(3, 100), std::nullopt);
    EXPECT_EQ(share_of(std::nullopt, 1), std::nullopt);
}

// As the queues are limited: each by itself, and those of the program's own work not at all.
TEST_P(QuotasTest, CountsTheRunningJobsOfTheFullestQueue) {
    Limits two;
    two.concurrent_jobs = 2;
    limit(std::nullopt, two);

    home->run(running_in(
        {"ai", "interactive", "ai", "documents", "maintenance", "maintenance", "delivery",
         "maintenance"}
    ));

    EXPECT_EQ(usage().at(2), "concurrent_jobs 2/2");
}

TEST_P(QuotasTest, TellTheQueuesHowManyJobsAtOnceAreInForce) {
    std::vector<std::optional<std::int64_t>> told;
    quotas->limit_queues_with([&](sql::Tx&, TenantId, std::optional<std::int64_t> most, Timestamp) {
        told.push_back(most);
    });
    Limits own;
    own.concurrent_jobs = 5;

    limit("small", {});
    limit("small", own);
    limit(std::nullopt, {});

    EXPECT_THAT(told, ElementsAre(1, 5, std::nullopt));
}

TEST_P(QuotasTest, KnowsNoPlanThatThereIsNot) { EXPECT_THROW(limit("golden", {}), Error); }

TEST(Plans, AreReadFromData) {
    auto plans = read_plans(embedded::plans().front().text);

    EXPECT_THAT(plans, ElementsAre(Key("free"), Key("pro"), Key("team")));
    EXPECT_GT(plans.at("pro").entries_per_day, plans.at("free").entries_per_day);
    for (const auto& [name, limits] : plans) {
        EXPECT_TRUE(limits.queued_jobs && limits.requests_per_second && limits.requests_at_once);
        // A day's entries may come all at once, and each is analysed.
        EXPECT_GE(limits.queued_jobs, limits.entries_per_day) << name;
    }
    EXPECT_THROW(read_plans("free: {wishes: 3}"), std::logic_error);
    EXPECT_THROW(read_plans("free: {members: many}"), std::logic_error);
}

}  // namespace
}  // namespace afterresume::tenants
