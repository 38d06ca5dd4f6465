#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class QueueTest : public JobsTest {
protected:
    Task<Enqueued> enqueue_and_forget(NewJob job) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto made = co_await queue.enqueue(*tx, origin_of(scratch->alice()), std::move(job));
        co_return made;
    }
    Task<std::vector<JobId>> enqueue_together(std::vector<NewJob> wanted) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        std::vector<Node> nodes;
        for (auto& job : wanted) nodes.push_back(Node{std::move(job)});
        auto ids = queue.enqueue_all(*tx, origin_of(scratch->alice()), std::move(nodes));
        co_await tx->commit();
        co_return ids;
    }
    Task<std::size_t> claimed_while_enqueueing() {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        co_await queue.enqueue(*tx, origin_of(scratch->alice()), NewJob{"a.unique"});
        auto claimed = co_await claim_as(worker, 1, {"a.unique"});
        co_await tx->commit();
        co_return claimed.size();
    }
};

// What SQLite's one writer cannot meet.
class QueueOnPostgresTest : public QueueTest {};

// What was accepted is there (I4).
TEST_P(QueueTest, KeepsAJobThatWasCommitted) {
    auto made = enqueue({.type = "a.one", .payload = R"({"entry":7})"});

    auto found = job(made.id);
    EXPECT_EQ(found.status, Status::queued);
    EXPECT_EQ(found.type, "a.one");
    EXPECT_THAT(told(made.id), ElementsAre("queued"));
}

// What was not accepted is not (I4).
TEST_P(QueueTest, LeavesNothingBehindWhenTheCallerRollsBack) {
    auto made = run(enqueue_and_forget({.type = "a.one"}));

    EXPECT_THROW(job(made.id), Error);
    EXPECT_THAT(claim(worker, 10), IsEmpty());
}

TEST_P(QueueTest, WakesTheWorkersOfThisProcessAfterTheCommitOnly) {
    std::vector<Spot> rings;
    doorbell.listen(this, [&](const auto& where) { rings.push_back(where.value()); });

    run(enqueue_and_forget({.type = "a.one"}));
    auto before = rings;
    enqueue({.type = "a.one"});

    EXPECT_THAT(before, IsEmpty());
    EXPECT_THAT(rings, ElementsAre(Spot{QueueName::ai, scratch->alice().tenant()}));
}

TEST_P(QueueTest, TakesManyPayloadsInOneGo) {
    auto ids = enqueue_many(scratch->alice(), "a.one", 3);

    EXPECT_THAT(ids, SizeIs(3));
    EXPECT_EQ(job(ids[1]).status, Status::queued);
    EXPECT_THAT(claim(worker, 10), SizeIs(3));
}

TEST_P(QueueTest, KeepsWhatAJobIsExpectedToCost) {
    auto of_its_type = enqueue({.type = "a.heavy"});
    auto of_its_own = enqueue({.type = "a.heavy", .estimated_cost = 70'000});
    auto of_a_unique_one = enqueue({.type = "a.unique", .estimated_cost = 20'000});
    auto many = run(enqueue_together({{.type = "a.one"}, {.type = "a.one", .estimated_cost = 15}}));

    EXPECT_EQ(job(of_its_type.id).estimated_cost, 50'000);
    EXPECT_EQ(job(of_its_own.id).estimated_cost, 70'000);
    EXPECT_EQ(job(of_a_unique_one.id).estimated_cost, 20'000);
    EXPECT_EQ(job(many.at(0)).estimated_cost, 0);
    EXPECT_EQ(job(many.at(1)).estimated_cost, 15);
}

TEST_P(QueueTest, HoldsADelayedJobBackUntilItsTime) {
    enqueue({.type = "a.one", .run_at = clock.now() + 1h});

    auto early = claim(worker, 1);
    clock.advance(1h);

    EXPECT_THAT(early, IsEmpty());
    EXPECT_THAT(claim(worker, 1), SizeIs(1));
}

TEST_P(QueueTest, LetsNoJobPassOthersByATimeThatIsPast) {
    auto first = enqueue({.type = "a.one"});
    clock.advance(1s);
    auto second = enqueue({.type = "a.one", .run_at = clock.now() - 1h});

    EXPECT_EQ(claim(worker, 1).at(0).id, first.id);
    EXPECT_EQ(claim(worker, 1).at(0).id, second.id);
}

TEST_P(QueueTest, GivesTheWaitingJobInsteadOfASecondOfTheSameKey) {
    auto first = enqueue({.type = "a.unique"});
    auto second = enqueue({.type = "a.unique"});
    auto of_another_key = enqueue({.type = "a.unique", .key = "other"});

    EXPECT_EQ(second.id, first.id);
    EXPECT_FALSE(second.fresh);
    EXPECT_TRUE(of_another_key.fresh);
}

TEST_P(QueueTest, MakesAnotherUniqueJobOnceTheFirstHasBegun) {
    auto first = enqueue({.type = "a.unique"});
    claim(worker, 1);

    auto second = enqueue({.type = "a.unique"});

    EXPECT_TRUE(second.fresh);
    EXPECT_NE(second.id, first.id);
}

TEST_P(QueueTest, KeepsAJobAloneUntilItHasEndedWhenItsTypeSaysSo) {
    auto first = enqueue({.type = "a.alone"});
    auto claimed = claim(worker, 1);

    auto while_running = enqueue({.type = "a.alone"});
    end(claimed.at(0));
    auto afterwards = enqueue({.type = "a.alone"});

    EXPECT_EQ(while_running.id, first.id);
    EXPECT_TRUE(afterwards.fresh);
}

TEST_P(QueueOnPostgresTest, LetsNoUniqueJobBeginBeforeWhoJoinedItHasCommitted) {
    enqueue({.type = "a.unique"});

    auto meanwhile = run(claimed_while_enqueueing());

    EXPECT_EQ(meanwhile, 0U);
    EXPECT_THAT(claim(worker, 1), SizeIs(1));
}

TEST_P(QueueTest, PutsADebouncedJobOffWithEachNewReason) {
    enqueue({.type = "a.unique", .start = Start::debounced});
    clock.advance(4s);
    enqueue({.type = "a.unique", .start = Start::debounced});

    clock.advance(4s);
    auto early = claim(worker, 1);
    clock.advance(1s);

    EXPECT_THAT(early, IsEmpty());
    EXPECT_THAT(claim(worker, 1), SizeIs(1));
}

TEST_P(QueueTest, PutsADebouncedJobOffForAMinuteAtMost) {
    enqueue({.type = "a.unique", .start = Start::debounced});

    for (int i = 0; i < 14; ++i) {
        clock.advance(4s);
        enqueue({.type = "a.unique", .start = Start::debounced});
    }
    clock.advance(4s);

    EXPECT_THAT(claim(worker, 1), SizeIs(1));
}

TEST_P(QueueTest, BringsAWaitingJobForwardWhenSomebodyAsksForItNow) {
    auto pending = enqueue({.type = "a.unique", .start = Start::debounced});

    auto explicitly = enqueue({.type = "a.unique"});

    EXPECT_EQ(explicitly.id, pending.id);
    EXPECT_THAT(claim(worker, 1), SizeIs(1));
}

TEST_P(QueueTest, RefusesToDebounceWhatIsNotUnique) {
    EXPECT_THROW(enqueue({.type = "a.one", .start = Start::debounced}), std::logic_error);
    EXPECT_THROW(enqueue({.type = "a.unknown"}), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(
    Databases, QueueOnPostgresTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);
INSTANTIATE_TEST_SUITE_P(Databases, QueueTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
