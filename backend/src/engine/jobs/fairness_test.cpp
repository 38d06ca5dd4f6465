#include "engine/jobs/queue_control.h"
#include "engine/jobs/tenant_queue.h"
#include "engine/jobs/testing.h"
#include "engine/jobs/waiting.h"
#include "infra/sql/postgres.h"

#include <boost/asio/co_spawn.hpp>

#include <deque>
#include <set>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

constexpr TenantId alices{1};
constexpr TenantId bobs{2};

class FairnessTest : public JobsTest {
protected:
    // Claims and ends so many batches; how many jobs each tenant got.
    std::map<TenantId, int> work_off(
        int batches, std::int64_t limit, const std::vector<std::string>& of = {"a.one"}
    ) {
        std::map<TenantId, int> got;
        for (int i = 0; i < batches; ++i) {
            for (const auto& job : claim(worker, limit, of)) {
                ++got[job.tenant_id];
                end(job);
            }
        }
        return got;
    }
    void limit(TenantId tenant, std::int64_t weight, std::optional<std::int64_t> max_running) {
        operate([=, this](sql::Tx& tx) {
            set_share(tx, QueueName::ai, tenant, {weight, max_running}, clock.now());
        });
    }
    void operate(const std::function<void(sql::Tx&)>& act) { run(operate_as(act)); }
    Task<void> operate_as(std::function<void(sql::Tx&)> act) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        act(*tx);
        co_await tx->commit();
    }
    Task<void> wait(Fence fence, Timestamp until) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        wait_until(*tx, fence, until, clock.now());
        co_await tx->commit();
    }
    std::vector<TenantQueue> shares() { return run(shares_now()); }
    Task<std::vector<TenantQueue>> shares_now() {
        auto tx = scratch->database().begin_engine(sql::Access::read);
        co_return co_await list_tenants(*tx, QueueName::ai);
    }
};

// What is ready is open to claims beside a flood (I13).
TEST_P(FairnessTest, ServesAQuietTenantInTheNextBatchHoweverLongTheQueueOfAnother) {
    enqueue_many(scratch->alice(), "a.one", 5'000);
    claim(worker, 10);
    enqueue_for(scratch->bob(), {.type = "a.one"});

    auto next = claim(worker, 10);

    EXPECT_THAT(next, testing::Contains(testing::Field(&Claimed::tenant_id, bobs)));
    EXPECT_THAT(claim(worker, 10), SizeIs(10));
}

TEST_P(FairnessTest, SharesByWeight) {
    limit(alices, 1, {});
    limit(bobs, 3, {});
    enqueue_many(scratch->alice(), "a.one", 100);
    enqueue_many(scratch->bob(), "a.one", 100);

    auto in_batches = work_off(5, 8);
    auto one_by_one = work_off(40, 1);

    EXPECT_EQ(in_batches[alices], 10);
    EXPECT_EQ(in_batches[bobs], 30);
    EXPECT_THAT(one_by_one[bobs], AllOf(Ge(29), Le(31)));
    EXPECT_EQ(one_by_one[alices] + one_by_one[bobs], 40);
}

TEST_P(FairnessTest, CountsAJobByWhatItIsExpectedToCost) {
    enqueue_many(scratch->alice(), "a.heavy", 100);
    enqueue_many(scratch->bob(), "a.one", 100);

    auto got = work_off(60, 1, {"a.one", "a.heavy"});

    EXPECT_THAT(got[bobs], AllOf(Ge(49), Le(51)));
}

TEST_P(FairnessTest, CountsAJobByItsOwnEstimateRatherThanThatOfItsType) {
    for (int i = 0; i < 12; ++i) {
        enqueue_for(scratch->alice(), {.type = "a.one", .estimated_cost = 50'000});
        enqueue_for(scratch->bob(), {.type = "a.heavy", .estimated_cost = 0});
    }

    auto got = work_off(12, 1, {"a.one", "a.heavy"});

    EXPECT_THAT(got[bobs], AllOf(Ge(9), Le(11)));
}

TEST_P(FairnessTest, GivesNoCreditForTheTimeAwayToWhoComesAnew) {
    enqueue_many(scratch->alice(), "a.one", 200);
    work_off(10, 10);
    enqueue_many(scratch->bob(), "a.one", 100);

    auto got = work_off(10, 4);

    EXPECT_EQ(got[alices], 20);
    EXPECT_EQ(got[bobs], 20);
}

TEST_P(FairnessTest, GivesNoCreditForTheTimeAwayToWhoFindsAnEmptyQueue) {
    enqueue_many(scratch->alice(), "a.one", 100);
    work_off(11, 10);
    enqueue_many(scratch->bob(), "a.one", 100);
    work_off(1, 2);
    enqueue_many(scratch->alice(), "a.one", 100);

    auto got = work_off(10, 4);

    EXPECT_THAT(got[alices], AllOf(Ge(19), Le(22)));
}

// One claim keeps the limit (I6).
TEST_P(FairnessTest, GivesWhatALimitLeavesToTheOthers) {
    limit(alices, 1, 2);
    enqueue_many(scratch->alice(), "a.one", 20);
    enqueue_many(scratch->bob(), "a.one", 20);

    auto claimed = claim(worker, 10);

    EXPECT_THAT(claimed, SizeIs(10));
    EXPECT_EQ(shares().at(0).running, 2);
    EXPECT_EQ(shares().at(1).running, 8);
}

// What runs is counted (I6).
TEST_P(FairnessTest, FreesAPlaceHoweverTheJobLeavesIt) {
    limit(alices, 1, 1);
    enqueue_many(scratch->alice(), "a.one", 10);
    Failure away{FailureKind::retryable, "llm.away", "The model was away."};
    auto next = [&] { return claim(worker, 5).at(0); };

    end(next());
    end(next(), Status::failed);
    run(give_back(handed_back(next().fence(), clock.now())));
    run(give_back(postponed(next(), away, clock.now() + 1h, clock.now())));
    run(wait(next().fence(), clock.now() + 1h));
    auto cancelled = next();
    cancel(cancelled.id);
    run(give_back(handed_back(cancelled.fence(), clock.now())));
    auto orphan = next();
    let_lease_end(worker);
    rescue();

    EXPECT_EQ(job(cancelled.id).status, Status::cancelled);
    EXPECT_THAT(claim(other_worker, 5), SizeIs(1));
}

TEST_P(FairnessTest, ClaimsNothingOfAPausedQueue) {
    enqueue_many(scratch->alice(), "a.one", 3);
    claim(worker, 1);
    operate([](sql::Tx& tx) { pause_queue(tx, QueueName::ai); });
    enqueue_many(scratch->bob(), "a.one", 3);

    auto meanwhile = claim(worker, 10);
    operate([](sql::Tx& tx) { resume_queue(tx, QueueName::ai); });

    EXPECT_THAT(meanwhile, IsEmpty());
    EXPECT_THAT(claim(worker, 10), SizeIs(5));
}

TEST_P(FairnessTest, ClaimsNothingOfAPausedTenant) {
    enqueue_many(scratch->alice(), "a.one", 3);
    enqueue_many(scratch->bob(), "a.one", 3);
    claim(worker, 1);
    operate([](sql::Tx& tx) { pause_tenant(tx, QueueName::ai, alices); });

    auto meanwhile = claim(worker, 10);
    operate([](sql::Tx& tx) { resume_tenant(tx, QueueName::ai, alices); });

    EXPECT_THAT(meanwhile, Each(testing::Field(&Claimed::tenant_id, bobs)));
    EXPECT_THAT(claim(worker, 10), testing::Not(IsEmpty()));
}

TEST_P(FairnessTest, LetsAPatientJobPassAMoreUrgentOneThatCameMuchLater) {
    auto patient = enqueue({.type = "a.one", .priority = 3});
    clock.advance(14min);
    auto urgent = enqueue({.type = "a.one", .priority = 0});
    clock.advance(2min);
    auto late = enqueue({.type = "a.one", .priority = 0});

    EXPECT_EQ(claim(worker, 1).at(0).id, urgent.id);
    EXPECT_EQ(claim(worker, 1).at(0).id, patient.id);
    EXPECT_EQ(claim(worker, 1).at(0).id, late.id);
}

// What is ready becomes open to claims (I13).
TEST_P(FairnessTest, FindsNewTenantsByLookingEverywhere) {
    enqueue_many(scratch->alice(), "a.one", 3);

    auto before = run(claim_by(Look::onward, 10));
    auto found = run(claim_by(Look::everywhere, 1));
    auto after = run(claim_by(Look::onward, 10));

    EXPECT_THAT(before, IsEmpty());
    EXPECT_THAT(found, SizeIs(1));
    EXPECT_THAT(after, SizeIs(2));
}

TEST_P(FairnessTest, FindsATenantThatItWasToldOfWithoutLookingEverywhere) {
    places[worker].expect({QueueName::ai, scratch->bob().tenant()}, clock.now());
    enqueue_for(scratch->alice(), {.type = "a.one"});
    auto told = enqueue_for(scratch->bob(), {.type = "a.one", .priority = 0});

    auto found = run(claim_by(Look::back, 10));

    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].id, told.id);
}

TEST_P(FairnessTest, FindsInEveryPriorityWhatATenantItKnowsEnqueuesNext) {
    enqueue({.type = "a.one", .priority = 1});
    run(claim_by(Look::everywhere, 1));
    clock.advance(1min);
    for (std::int16_t priority = 0; priority < 4; ++priority)
        enqueue({.type = "a.one", .priority = priority});

    EXPECT_THAT(run(claim_by(Look::onward, 10)), SizeIs(4));
}

TEST_P(FairnessTest, IsNotHeldUpByManyTenantsWithJobsOfUnknownTypes) {
    for (int tenant = 100; tenant < 180; ++tenant)
        enqueue_for(owner_of(tenant), {.type = "b.other"});
    clock.advance(1s);
    enqueue_for(scratch->bob(), {.type = "a.one"});

    EXPECT_THAT(claim(worker, 10), SizeIs(1));
}

TEST_P(FairnessTest, RefusesAShareThatMeansNothing) {
    EXPECT_THROW(limit(alices, 0, {}), Error);
    EXPECT_THROW(limit(alices, 1, -1), Error);
}

TEST_P(FairnessTest, TellsOfACountThatIsWrongAndOfAJobThatNobodyIsToldOf) {
    enqueue({.type = "a.one"});
    auto break_it = [](sql::Tx& tx) {
        static constexpr sql::Statement statement{
            "test.miscount", R"sql(
            INSERT INTO tenant_queue (queue, tenant_id, running, vtime, active) VALUES ('ai', 7, 4, 0, FALSE))sql"
        };
        tx.defer(statement);
    };
    operate(break_it);

    auto found = run(find_violations(scratch->database(), {.claimable_since = clock.now() + 1s}));
    operate([](sql::Tx& tx) {
        static constexpr sql::Statement statement{
            "test.forget", "DELETE FROM tenant_queue WHERE tenant_id = 7"
        };
        tx.defer(statement);
    });

    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0].invariant, "I6");
    EXPECT_EQ(found[0].subject, "ai 7");
    EXPECT_EQ(found[1].invariant, "I13");
}

// Claims and ends jobs until none is left, as one of many.
class ManyClaimersTest : public FairnessTest {
protected:
    static constexpr std::int64_t most = 7;
    static constexpr int jobs_in_all = 120;

    // The engine's own pool is small, so that PostgreSQL needs another way in for many at once.
    void open_wide() {
        if (GetParam() == sql::Dialect::sqlite) return;
        sql::PostgresOptions options;
        options.url = scratch->url();
        options.engine_connections = 8;
        wide_ = sql::open_postgres(scratch->io(), options);
    }
    sql::Database& database() { return wide_ ? *wide_ : scratch->database(); }

    Task<void> work(Uuid by, std::int64_t limit, std::size_t ends_at_once) {
        std::deque<Claimed> mine;
        while (ended_ < jobs_in_all) {
            auto tx = database().begin_engine(sql::Access::write);
            std::vector<Ending> endings;
            while (!mine.empty() && endings.size() < ends_at_once) {
                endings.push_back({mine.front().fence(), Status::success});
                mine.pop_front();
            }
            auto freed = co_await write_outcomes_unsettled(*tx, endings, {}, clock.now());
            ClaimRequest request{by, {QueueName::ai}, {"a.one"}, limit, clock.now()};
            auto claims = co_await jobs::claim(*tx, request, std::move(freed));
            co_await tx->commit();
            ended_ += static_cast<int>(endings.size());
            for (auto& job : claims.jobs) mine.push_back(std::move(job));
            seen_.push_back(co_await running_now());
        }
    }
    // Eight at once.
    void work_together(std::size_t ends_at_once) {
        open_wide();
        int left = 8;
        for (int i = 0; i < 8; ++i) {
            boost::asio::co_spawn(
                scratch->io(), work(i % 2 == 0 ? worker : other_worker, i % 5 + 1, ends_at_once),
                [&](const std::exception_ptr& failure) {
                    --left;
                    if (failure) std::rethrow_exception(failure);
                }
            );
        }
        scratch->io().restart();
        while (left > 0) scratch->io().run_one();
    }
    Task<std::int64_t> running_now() {
        static constexpr sql::Statement statement{
            "test.running", "SELECT count(*) FROM job_hot WHERE state = 'running'"
        };
        auto tx = database().begin_engine(sql::Access::read);
        auto count = co_await tx->one<std::int64_t>(statement);
        co_return count;
    }

    std::unique_ptr<sql::Database> wide_;
    std::vector<std::int64_t> seen_;
    int ended_ = 0;
};

// Many claims at once keep the limit (I6).
TEST_P(ManyClaimersTest, NeverPassTheLimitOfATenantTogether) {
    limit(alices, 1, most);
    enqueue_many(scratch->alice(), "a.one", jobs_in_all);

    work_together(1);

    EXPECT_THAT(seen_, Each(Le(most)));
    EXPECT_EQ(*std::ranges::max_element(seen_), most);
    EXPECT_EQ(ended_, jobs_in_all);
}

// Every place is counted as free again (I6).
TEST_P(ManyClaimersTest, NeverWaitInACircleWhereEachEndsAndClaimsJobsOfAllTenants) {
    limit(TenantId{102}, 1, most);
    limit(TenantId{103}, 1, 2);
    for (int tenant = 101; tenant <= 104; ++tenant)
        enqueue_many(owner_of(tenant), "a.one", jobs_in_all / 4);

    work_together(3);

    EXPECT_EQ(ended_, jobs_in_all);
    EXPECT_THAT(shares(), Each(testing::Field(&TenantQueue::running, 0)));
}

// What SQLite's one writer cannot meet, or has no need of.
class LockedTenantsTest : public FairnessTest {
protected:
    // What another worker gets, and what an enqueueing caller, while one holds a tenant's row.
    Task<Claims> claim_beside(std::int64_t limit) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        ClaimRequest request{worker, {QueueName::ai}, {"a.one"}, limit, clock.now()};
        co_await jobs::claim(*tx, request);
        co_await enqueue_as(scratch->alice(), {.type = "a.one"});
        auto other = scratch->database().begin_engine(sql::Access::write);
        request.worker = other_worker;
        auto claims = co_await jobs::claim(*other, request);
        co_await other->commit();
        co_await tx->commit();
        co_return claims;
    }
};

TEST_P(LockedTenantsTest, ArePassedByAndHoldUpNoCaller) {
    limit(alices, 1, 10);
    enqueue_many(scratch->alice(), "a.one", 4);
    claim(worker, 1);

    auto beside = run(claim_beside(1));

    EXPECT_THAT(beside.jobs, IsEmpty());
    EXPECT_TRUE(beside.more);
    EXPECT_THAT(claim(other_worker, 10), SizeIs(3));
}

TEST_P(LockedTenantsTest, FindsWhatComesBackALittleLateByLookingBackAndTheRestByLookingEverywhere) {
    enqueue({.type = "a.one"});
    clock.advance(5s);
    enqueue({.type = "a.one"});
    auto old = run(claim_by(Look::everywhere, 1)).at(0);
    auto late = run(claim_by(Look::onward, 1)).at(0);
    clock.advance(500ms);
    enqueue({.type = "a.one"});
    run(claim_by(Look::onward, 1));
    run(give_back(handed_back(old.fence(), clock.now())));
    run(give_back(handed_back(late.fence(), clock.now())));

    auto onward = run(claim_by(Look::onward, 10));
    auto glance = run(claim_by(Look::glance, 10));
    auto back = run(claim_by(Look::back, 10));
    auto everywhere = run(claim_by(Look::everywhere, 10));

    EXPECT_THAT(onward, IsEmpty());
    EXPECT_THAT(glance, IsEmpty());
    ASSERT_THAT(back, SizeIs(1));
    EXPECT_EQ(back[0].id, late.id);
    ASSERT_THAT(everywhere, SizeIs(1));
    EXPECT_EQ(everywhere[0].id, old.id);
}

TEST_P(LockedTenantsTest, FindsAtAGlanceWhatBeganAMomentBeforeWhatWasClaimed) {
    enqueue({.type = "a.one"});
    clock.advance(20ms);
    enqueue({.type = "a.one"});
    auto early = run(claim_by(Look::everywhere, 1)).at(0);
    run(claim_by(Look::onward, 1));
    run(give_back(handed_back(early.fence(), clock.now())));

    auto onward = run(claim_by(Look::onward, 10));
    auto glance = run(claim_by(Look::glance, 10));

    EXPECT_THAT(onward, IsEmpty());
    ASSERT_THAT(glance, SizeIs(1));
    EXPECT_EQ(glance[0].id, early.id);
}

INSTANTIATE_TEST_SUITE_P(Databases, FairnessTest, sql::both_databases(), sql::dialect_name);
INSTANTIATE_TEST_SUITE_P(Databases, ManyClaimersTest, sql::both_databases(), sql::dialect_name);
INSTANTIATE_TEST_SUITE_P(
    Databases, LockedTenantsTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::jobs
