// What claims and ends of the same tenants do at once: who waits for whom, and what is counted
// then.
#include "engine/jobs/tenant_queue.h"
#include "engine/jobs/queue_control.h"
#include "engine/jobs/testing.h"

#include <set>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TenantId alices{1};
constexpr TenantId bobs{2};

struct Counts {
    std::int64_t running = 0;
    double vtime = 0;
    bool active = false;

    bool operator==(const Counts&) const = default;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (running, vtime, active))

class TenantQueueTest : public JobsTest {
protected:
    std::unique_ptr<sql::Tx> begin() {
        return scratch->database().begin_engine(sql::Access::write);
    }
    // Without a memory of its own.
    Task<std::vector<Claimed>> claim_in(
        sql::Tx& tx, Uuid by, std::int64_t limit, std::vector<Freed> freed = {}
    ) {
        ClaimRequest request{by, {QueueName::ai}, {"a.one"}, limit, clock.now()};
        auto claims = co_await jobs::claim(tx, std::move(request), std::move(freed));
        co_return std::move(claims.jobs);
    }
    Task<std::vector<Freed>> end_in(sql::Tx& tx, std::vector<Claimed> jobs) {
        std::vector<Ending> endings;
        for (const auto& job : jobs) endings.push_back({job.fence(), Status::success});
        auto freed = co_await write_outcomes_unsettled(tx, endings, {}, clock.now());
        co_return freed;
    }
    // As a worker's turn.
    Task<std::vector<Claimed>> end_and_claim(std::vector<Claimed> ended, std::int64_t limit) {
        auto tx = begin();
        auto freed = co_await end_in(*tx, std::move(ended));
        auto claimed = co_await claim_in(*tx, worker, limit, std::move(freed));
        co_await tx->commit();
        co_return claimed;
    }
    Task<void> write_and_settle(std::vector<Ending> endings, std::vector<Return> returns) {
        auto tx = begin();
        auto freed = co_await write_outcomes_unsettled(*tx, endings, returns, clock.now());
        settle(*tx, freed);
        co_await tx->commit();
    }
    void limit(TenantId tenant, std::optional<std::int64_t> most) { run(limit_as(tenant, most)); }
    Task<void> limit_as(TenantId tenant, std::optional<std::int64_t> most) {
        auto tx = begin();
        set_share(*tx, QueueName::ai, tenant, {1, most}, clock.now());
        co_await tx->commit();
    }
    // What is set then, in these and in another queue.
    Task<std::vector<std::optional<std::int64_t>>> limit_in_all_queues(
        TenantId tenant, std::int64_t most
    ) {
        auto tx = begin();
        limit_tenant(*tx, tenant, most, clock.now());
        std::vector<std::optional<std::int64_t>> found;
        using enum QueueName;
        for (auto queue : {interactive, ai, documents, delivery}) {
            auto share = co_await get_share(*tx, queue, tenant);
            found.push_back(share.max_running);
        }
        co_await tx->commit();
        co_return found;
    }
    Counts counts(TenantId tenant) { return run(counts_of(tenant)); }
    Task<Counts> counts_of(TenantId tenant) {
        static constexpr sql::Statement statement{
            "test.counts", R"sql(
            SELECT running, vtime, active FROM tenant_queue WHERE queue = 'ai' AND tenant_id = :tenant_id)sql"
        };
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto found = co_await tx->one<Counts>(statement, sql::named("tenant_id", tenant));
        co_return found;
    }
};

// What is claimed and ended in one transaction comes out as one after the other (I6).
TEST_P(TenantQueueTest, CountsWhatOneTransactionEndsAndClaims) {
    enqueue_many(scratch->alice(), "a.one", 10);
    auto first = claim(worker, 3);

    auto next = run(end_and_claim({first.at(0), first.at(1)}, 4));

    EXPECT_THAT(next, SizeIs(4));
    EXPECT_EQ(counts(alices), (Counts{5, 7, true}));
}

// However a job leaves its place, of tenants with a limit and without one (I6).
TEST_P(TenantQueueTest, CountsWhatIsSettledLaterHoweverItWasFreed) {
    limit(bobs, 5);
    enqueue_many(scratch->alice(), "a.one", 5);
    enqueue_many(scratch->bob(), "a.one", 5);
    auto jobs = claim(worker, 10);
    std::vector<Ending> endings;
    std::vector<Return> returns;
    Failure away{FailureKind::retryable, "llm.away", "The model was away."};
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (i % 2 == 0) endings.push_back({jobs[i].fence(), Status::success});
        if (i % 4 == 1) returns.push_back(handed_back(jobs[i].fence(), clock.now()));
        if (i % 4 == 3) returns.push_back(postponed(jobs[i], away, clock.now() + 1h, clock.now()));
    }
    auto of_alice = [](const Claimed& job) { return job.tenant_id == alices; };
    auto asked_to_stop = std::ranges::find_if(jobs, of_alice);
    ASSERT_NE(asked_to_stop, jobs.end());
    cancel(asked_to_stop->id);

    run(write_and_settle(endings, returns));

    EXPECT_EQ(counts(alices).running, 0);
    EXPECT_EQ(counts(bobs).running, 0);
    EXPECT_EQ(job(asked_to_stop->id).status, Status::cancelled);
}

TEST_P(TenantQueueTest, LimitsATenantInEachQueueOfWhatPeopleAskFor) {
    limit(alices, 2);
    enqueue_many(scratch->alice(), "a.one", 3);
    claim(worker, 1);

    auto most = run(limit_in_all_queues(alices, 5));

    EXPECT_THAT(most, testing::ElementsAre(5, 5, 5, std::nullopt));
    EXPECT_EQ(counts(alices), (Counts{1, 1, false}));
}

INSTANTIATE_TEST_SUITE_P(Databases, TenantQueueTest, sql::both_databases(), sql::dialect_name);

// Transactions that are open at once, which SQLite's one writer does not have.
class ClaimsAtOnceTest : public TenantQueueTest {
protected:
    enum class First { commits_last, rolls_back };
    // Of one tenant, the second within the first.
    Task<std::vector<Claimed>> claim_within(First first, std::int64_t outer, std::int64_t inner) {
        auto one = begin();
        auto all = co_await claim_in(*one, worker, outer);
        auto other = begin();
        auto more = co_await claim_in(*other, other_worker, inner);
        co_await other->commit();
        if (first == First::commits_last) {
            co_await one->commit();
        } else {
            co_await one->rollback();
        }
        all.insert(all.end(), more.begin(), more.end());
        co_return all;
    }
    static std::set<JobId> ids_of(const std::vector<Claimed>& jobs) {
        std::set<JobId> ids;
        for (const auto& job : jobs) ids.insert(job.id);
        return ids;
    }
    Task<void> end_beside_a_claim(std::vector<Claimed> jobs) {
        auto tx = begin();
        co_await claim_in(*tx, other_worker, 2);
        std::vector<Ending> endings;
        for (const auto& job : jobs) endings.push_back({job.fence(), Status::success});
        co_await end_all(std::move(endings));
        co_await tx->commit();
    }
    Task<void> end_beside_an_end(Claimed one, Claimed other, bool commits) {
        auto tx = begin();
        auto freed = co_await end_in(*tx, {std::move(one)});
        co_await end_all({Ending{other.fence(), Status::success}});
        settle(*tx, freed);
        if (commits) {
            co_await tx->commit();
        } else {
            co_await tx->rollback();
        }
    }
    // Each ends a job of one tenant and claims of both, while the other does.
    Task<std::vector<Claimed>> cross(Claimed alices_job, Claimed bobs_job) {
        auto one = begin();
        auto other = begin();
        auto freed_by_one = co_await end_in(*one, {std::move(alices_job)});
        auto freed_by_other = co_await end_in(*other, {std::move(bobs_job)});
        auto all = co_await claim_in(*one, worker, 2, std::move(freed_by_one));
        auto more = co_await claim_in(*other, other_worker, 2, std::move(freed_by_other));
        co_await one->commit();
        co_await other->commit();
        all.insert(all.end(), more.begin(), more.end());
        co_return all;
    }
    Task<void> limit_beside_a_claim(std::int64_t claimed, std::int64_t most) {
        auto tx = begin();
        co_await claim_in(*tx, worker, claimed);
        co_await limit_as(alices, most);
        co_await tx->commit();
    }
};

// Both are counted, and each job has one of them (I6).
TEST_P(ClaimsAtOnceTest, ShareATenantWithoutALimitAndWaitForNobody) {
    enqueue_many(scratch->alice(), "a.one", 7);
    claim(worker, 1);

    auto claimed = run(claim_within(First::commits_last, 2, 3));

    EXPECT_THAT(ids_of(claimed), SizeIs(5));
    EXPECT_EQ(counts(alices), (Counts{6, 6, true}));
    EXPECT_THAT(claim(worker, 10), SizeIs(1));
}

// What was undone is counted nowhere, and found again (I6).
TEST_P(ClaimsAtOnceTest, LeaveNothingOfTheOneThatIsRolledBack) {
    enqueue_many(scratch->alice(), "a.one", 7);
    claim(worker, 1);

    auto claimed = run(claim_within(First::rolls_back, 2, 3));

    EXPECT_THAT(ids_of(claimed), SizeIs(5));
    EXPECT_EQ(counts(alices), (Counts{4, 4, true}));
    EXPECT_THAT(claim(worker, 10), SizeIs(3));
}

TEST_P(ClaimsAtOnceTest, TellThatATenantHasNoMoreWhicheverOfThemFindsIt) {
    enqueue_many(scratch->alice(), "a.one", 6);
    claim(worker, 1);

    run(claim_within(First::commits_last, 2, 10));

    EXPECT_EQ(counts(alices), (Counts{6, 6, false}));
}

TEST_P(ClaimsAtOnceTest, ChargeNothingWhereOthersHoldAllThatThereIs) {
    enqueue_many(scratch->alice(), "a.one", 3);
    claim(worker, 1);

    auto claimed = run(claim_within(First::commits_last, 2, 5));

    EXPECT_THAT(claimed, SizeIs(2));
    EXPECT_EQ(counts(alices), (Counts{3, 3, true}));
}

TEST_P(ClaimsAtOnceTest, KeepNobodyWaitingWhoEndsJobs) {
    enqueue_many(scratch->alice(), "a.one", 5);
    auto jobs = claim(worker, 3);

    run(end_beside_a_claim({jobs.at(0), jobs.at(1)}));

    EXPECT_EQ(counts(alices).running, 3);
}

TEST_P(ClaimsAtOnceTest, AreNotKeptByEndsThatAreSettledLater) {
    enqueue_many(scratch->alice(), "a.one", 4);
    auto jobs = claim(worker, 4);

    run(end_beside_an_end(jobs.at(0), jobs.at(1), true));
    run(end_beside_an_end(jobs.at(2), jobs.at(3), false));

    EXPECT_EQ(counts(alices).running, 1);
}

TEST_P(ClaimsAtOnceTest, CrossEachOther) {
    enqueue_many(scratch->alice(), "a.one", 5);
    enqueue_many(scratch->bob(), "a.one", 5);
    auto jobs = claim(worker, 2);
    ASSERT_THAT(jobs, SizeIs(2));
    if (jobs[0].tenant_id == bobs) std::swap(jobs[0], jobs[1]);

    auto claimed = run(cross(jobs[0], jobs[1]));

    EXPECT_THAT(ids_of(claimed), SizeIs(4));
    EXPECT_EQ(counts(alices), (Counts{2, 3, true}));
    EXPECT_EQ(counts(bobs), (Counts{2, 3, true}));
}

// A limit that was set while a claim was under way holds once enough has ended (I6).
TEST_P(ClaimsAtOnceTest, AreCountedForALimitThatIsSetMeanwhile) {
    enqueue_many(scratch->alice(), "a.one", 6);
    auto first = claim(worker, 1).at(0);

    run(limit_beside_a_claim(2, 2));
    auto beyond = claim(worker, 10);
    auto counted = counts(alices).running;
    end(first);
    auto at_the_limit = claim(worker, 10);

    EXPECT_THAT(beyond, IsEmpty());
    EXPECT_EQ(counted, 3);
    EXPECT_THAT(at_the_limit, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Databases, ClaimsAtOnceTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::jobs
