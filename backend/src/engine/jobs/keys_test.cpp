#include "engine/jobs/keys.h"

#include "engine/jobs/retention.h"
#include "engine/jobs/testing.h"

#include <boost/asio/co_spawn.hpp>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

// "a.daily" is unique within a day.
class KeysTest : public JobsTest {
protected:
    static NewJob daily() { return {.type = "a.daily"}; }
    Claimed claimed() { return claim(worker, 1, {"a.daily"}).at(0); }
    JobId ended_job(Status status = Status::success) {
        auto made = enqueue(daily());
        end(claimed(), status);
        return made.id;
    }
    // The jobs that so many callers are given who ask at the same time.
    std::vector<JobId> ask_at_once(int callers) {
        std::vector<JobId> given;
        int refused = 0;
        auto take = [&](std::exception_ptr failure, Enqueued made) {
            failure ? static_cast<void>(++refused) : given.push_back(made.id);
        };
        for (int i = 0; i < callers; ++i)
            boost::asio::co_spawn(
                scratch->io(), enqueue_as(scratch->alice(), {.type = "a.daily"}), take
            );
        scratch->io().restart();
        while (static_cast<int>(given.size()) + refused < callers) scratch->io().run_one();
        EXPECT_EQ(refused, 0);
        return given;
    }
    Task<std::int64_t> forget_as(std::int64_t most) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto removed = co_await forget_keys(*tx, clock.now(), most);
        co_await tx->commit();
        co_return removed;
    }
    Task<std::int64_t> remove_jobs() {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto removed = co_await remove_all_of(*tx, scratch->alice().tenant(), UserId{0}, 100);
        co_await tx->commit();
        co_return removed;
    }
    Task<Enqueued> enqueue_and_forget(NewJob job) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto made = co_await queue.enqueue(*tx, origin_of(scratch->alice()), std::move(job));
        co_return made;
    }
    Task<Enqueued> enqueue_twice() {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto first = co_await queue.enqueue(*tx, origin_of(scratch->alice()), daily());
        auto second = co_await queue.enqueue(*tx, origin_of(scratch->alice()), daily());
        co_await tx->commit();
        EXPECT_EQ(second.id, first.id);
        co_return second;
    }
    std::string refusal_of_retry(JobId id) {
        try {
            retry(id);
        } catch (const Error& error) {
            return error.code() + ": " + error.what();
        }
        return "taken";
    }
};

TEST_P(KeysTest, GiveTheJobOfThePeriodAlthoughItHasEnded) {
    auto first = ended_job();
    clock.advance(24h - 1ms);

    auto second = enqueue(daily());

    EXPECT_EQ(second.id, first);
    EXPECT_FALSE(second.fresh);
    EXPECT_THAT(claim(worker, 1, {"a.daily"}), IsEmpty());
}

TEST_P(KeysTest, GiveTheJobOfThePeriodWhenNothingIsLeftOfIt) {
    auto first = ended_job();
    auto removed = run(remove_jobs());

    auto second = enqueue(daily());

    EXPECT_EQ(removed, 1);
    EXPECT_EQ(second.id, first);
    EXPECT_FALSE(second.fresh);
}

TEST_P(KeysTest, LetAnotherJobBeginOnceThePeriodIsOver) {
    auto first = ended_job();
    clock.advance(24h);

    auto second = enqueue(daily());
    auto third = enqueue(daily());

    EXPECT_TRUE(second.fresh);
    EXPECT_NE(second.id, first);
    EXPECT_EQ(third.id, second.id);
}

TEST_P(KeysTest, KeepAJobAloneThatHasNotEndedInItsPeriod) {
    auto first = enqueue(daily());
    auto running = claimed();
    clock.advance(48h);

    auto while_running = enqueue(daily());
    end(running);
    auto afterwards = enqueue(daily());

    EXPECT_EQ(while_running.id, first.id);
    EXPECT_TRUE(afterwards.fresh);
}

TEST_P(KeysTest, LetAJobBeAskedForAnewAtOnceThatDidNotSucceed) {
    for (auto status : {Status::failed, Status::cancelled}) {
        auto first = ended_job(status);

        auto second = enqueue(daily());
        auto third = enqueue(daily());

        EXPECT_TRUE(second.fresh) << describe::name_of(status);
        EXPECT_NE(second.id, first);
        EXPECT_EQ(third.id, second.id);
        cancel(second.id);
    }
}

TEST_P(KeysTest, CountTheOutcomesThatTheTypeNames) {
    types.add(
        {.name = "a.tried",
         .unique = Unique::within_period,
         .period = {24h, {Status::success, Status::failed}}}
    );
    auto first = enqueue({.type = "a.tried"});
    end(claim(worker, 1, {"a.tried"}).at(0), Status::failed);

    auto second = enqueue({.type = "a.tried"});

    EXPECT_EQ(second.id, first.id);
}

TEST_P(KeysTest, AreThoseOfATenantAndOfWhoAsksUnlessTheJobNamesOne) {
    auto hers = enqueue(daily());
    auto his = enqueue_for(scratch->bob(), daily());
    auto named = enqueue({.type = "a.daily", .key = "other"});

    EXPECT_TRUE(hers.fresh);
    EXPECT_TRUE(his.fresh);
    EXPECT_TRUE(named.fresh);
    EXPECT_FALSE(enqueue({.type = "a.daily", .key = "other"}).fresh);
}

TEST_P(KeysTest, AreNobodysWhenTheCallerRollsBack) {
    auto undone = run(enqueue_and_forget(daily()));

    auto made = enqueue(daily());

    EXPECT_TRUE(made.fresh);
    EXPECT_NE(made.id, undone.id);
}

TEST_P(KeysTest, AreKnownToTheTransactionThatTookThem) {
    auto second = run(enqueue_twice());

    EXPECT_FALSE(second.fresh);
    EXPECT_THAT(claim(worker, 10, {"a.daily"}), SizeIs(1));
}

TEST_P(KeysTest, MakeOneJobOfManyThatAreAskedForAtOnce) {
    auto given = ask_at_once(64);

    EXPECT_THAT(given, SizeIs(64));
    EXPECT_THAT(given, Each(given.at(0)));
    EXPECT_THAT(claim(worker, 100, {"a.daily"}), SizeIs(1));
}

TEST_P(KeysTest, GoOverToOneJobOfManyThatAreAskedForAtOnce) {
    auto over = ended_job();
    clock.advance(24h);
    auto given = ask_at_once(64);
    auto next = claimed();
    end(next, Status::failed);

    auto given_again = ask_at_once(64);

    EXPECT_THAT(given, Each(next.id));
    EXPECT_NE(next.id, over);
    EXPECT_THAT(given_again, Each(given_again.at(0)));
    EXPECT_NE(given_again.at(0), next.id);
    EXPECT_THAT(claim(worker, 100, {"a.daily"}), SizeIs(1));
}

TEST_P(KeysTest, BringAWaitingJobForward) {
    auto waiting = enqueue({.type = "a.daily", .run_at = clock.now() + 1h});

    auto at_once = enqueue(daily());

    EXPECT_EQ(at_once.id, waiting.id);
    EXPECT_THAT(claim(worker, 1, {"a.daily"}), SizeIs(1));
}

TEST_P(KeysTest, StayWithAJobThatIsTriedAgain) {
    auto first = ended_job(Status::failed);
    retry(first);

    auto while_queued = enqueue(daily());
    auto again = claimed();
    auto while_running = enqueue(daily());
    end(again);
    auto afterwards = enqueue(daily());

    EXPECT_EQ(while_queued.id, first);
    EXPECT_EQ(while_running.id, first);
    EXPECT_EQ(afterwards.id, first);
}

TEST_P(KeysTest, GoBackToAJobThatIsTriedAgainAfterAnotherFailedToo) {
    auto first = ended_job(Status::failed);
    auto second = ended_job(Status::failed);
    retry(first);
    end(claimed());

    auto asked = enqueue(daily());

    EXPECT_NE(second, first);
    EXPECT_EQ(asked.id, first);
    EXPECT_FALSE(asked.fresh);
}

TEST_P(KeysTest, LetNoJobBeTriedAgainBesideAnotherThatCounts) {
    auto first = ended_job(Status::failed);
    auto second = enqueue(daily()).id;

    auto while_queued = refusal_of_retry(first);
    end(claimed());
    auto within_period = refusal_of_retry(first);
    clock.advance(24h);
    auto afterwards = refusal_of_retry(first);

    auto refusal = fmt::format(
        "job.key_held: The job {} is there, and of its kind there is one in its period.",
        second.text()
    );
    EXPECT_EQ(while_queued, refusal);
    EXPECT_EQ(within_period, refusal);
    EXPECT_EQ(afterwards, "taken");
}

TEST_P(KeysTest, AreForgottenOnceTheirPeriodIsOver) {
    ended_job();
    enqueue({.type = "a.daily", .key = "other"});
    auto early = run(forget_as(100));
    clock.advance(24h);

    EXPECT_EQ(early, 0);
    EXPECT_EQ(run(forget_as(1)), 1);
    EXPECT_EQ(run(forget_as(1)), 1);
    EXPECT_EQ(run(forget_as(1)), 0);
    EXPECT_TRUE(enqueue(daily()).fresh);
}

TEST_P(KeysTest, GoToAnUnfinishedJobThatHasNone) {
    auto first = enqueue(daily());
    clock.advance(24h);
    run(forget_as(100));

    auto second = enqueue(daily());
    end(claimed());
    auto third = enqueue(daily());

    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(third.id, first.id);
}

TEST_P(KeysTest, AreTakenOneByOne) {
    auto other = enqueue({.type = "a.one"});

    EXPECT_THROW(enqueue_many(scratch->alice(), "a.daily", 2), std::logic_error);
    EXPECT_THROW(enqueue({.type = "a.daily", .after = {{other.id}}}), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(Databases, KeysTest, sql::both_databases(), sql::dialect_name);

TEST(JobTypes, AreUniqueWithinAPeriodThatHasALength) {
    JobTypes types;

    EXPECT_THROW(
        types.add({.name = "a.endless", .unique = Unique::within_period}), std::logic_error
    );
    EXPECT_THROW(types.add({.name = "a.free", .period = {1h}}), std::logic_error);
}

}  // namespace
}  // namespace afterresume::jobs
