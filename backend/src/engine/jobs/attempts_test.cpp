#include "engine/jobs/steps.h"
#include "engine/jobs/testing.h"
#include "engine/jobs/timeline.h"

#include <boost/asio/co_spawn.hpp>

#include <set>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class AttemptsTest : public JobsTest {
protected:
    Task<bool> still_holds(Fence fence) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        hold(*tx, fence);
        try {
            co_await tx->commit();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), not_held);
            co_return false;
        }
        co_return true;
    }
    Task<void> postpone_job(Claimed job, std::chrono::milliseconds wait) {
        Failure failure{FailureKind::retryable, "llm.unavailable", "The model was away."};
        return give_back(postponed(job, failure, clock.now() + wait, clock.now()));
    }
    Task<void> hand_back_job(Claimed job) {
        return give_back(handed_back(job.fence(), clock.now()));
    }
    Task<void> tell(Claimed job, int times) {
        for (int i = 0; i < times; ++i) {
            auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
            hold(*tx, job.fence());
            append_event(
                *tx, job.tenant_id, job.id,
                {clock.now(), Level::info, Source::workflow, "Went on", {}}
            );
            co_await tx->commit();
        }
    }
    Task<void> keep_step_of(Claimed job, std::string name) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        keep_step(
            *tx, job.tenant_id, job.id, 1, Step{name, "hash", "{}", 1, clock.now(), clock.now(), 0}
        );
        co_await tx->commit();
    }
};

// The fence names the worker too (I1).
TEST_P(AttemptsTest, RefusesWhoeverHoldsTheSameNumberByAClaimThatWasUndone) {
    enqueue({.type = "a.one"});
    auto job = claim(worker, 1).at(0);
    auto undone = job;
    undone.worker = other_worker;

    EXPECT_FALSE(run(still_holds(undone.fence())));
    end(undone, Status::failed);
    run(postpone_job(undone, 1s));
    EXPECT_TRUE(run(still_holds(job.fence())));
    end(job);

    EXPECT_EQ(this->job(job.id).status, Status::success);
    EXPECT_THAT(told(job.id), ElementsAre("queued", "started", "finished"));
}

// A job has one worker (I1).
TEST_P(AttemptsTest, GivesEachJobToOneOfTwoWorkersThatClaimAtOnce) {
    for (int i = 0; i < 40; ++i) enqueue({.type = "a.one"});
    std::vector<JobId> taken;
    int ended = 0;
    auto take = [&](std::exception_ptr, std::vector<Claimed> jobs) {
        for (const auto& job : jobs) taken.push_back(job.id);
        ++ended;
    };

    for (const auto& by : {worker, other_worker, worker, other_worker}) {
        boost::asio::co_spawn(scratch->io(), claim_as(by, 15, {"a.one"}), take);
    }
    scratch->io().restart();
    while (ended < 4) scratch->io().run_one();
    auto rest = claim(worker, 100);
    for (const auto& job : rest) taken.push_back(job.id);

    EXPECT_THAT(taken, SizeIs(40));
    EXPECT_THAT(std::set<JobId>(taken.begin(), taken.end()), SizeIs(40));
}

TEST_P(AttemptsTest, ServesTheMoreUrgentFirstAndThenTheOlder) {
    auto later = enqueue({.type = "a.one"});
    clock.advance(1ms);
    auto latest = enqueue({.type = "a.one"});
    auto urgent = enqueue({.type = "a.one", .priority = 0});

    auto first = claim(worker, 1);
    auto second = claim(worker, 1);
    auto third = claim(worker, 1);

    EXPECT_EQ(first.at(0).id, urgent.id);
    EXPECT_EQ(second.at(0).id, later.id);
    EXPECT_EQ(third.at(0).id, latest.id);
}

// What nobody knows yet is not ended (I4).
TEST_P(AttemptsTest, LeavesJobsOfAnUnknownTypeInTheQueue) {
    auto made = enqueue({.type = "a.one"});

    auto claimed = claim(worker, 10, {"b.other"});

    EXPECT_THAT(claimed, IsEmpty());
    EXPECT_EQ(job(made.id).status, Status::queued);
}

TEST_P(AttemptsTest, TellsTheWorkerWhoseJobItIsAndWhy) {
    auto made = enqueue({.type = "a.one", .payload = R"({"entry": 7})"});

    auto claimed = claim(worker, 1).at(0);

    EXPECT_EQ(claimed.id, made.id);
    EXPECT_EQ(claimed.tenant_id, scratch->alice().tenant());
    EXPECT_EQ(claimed.user_id, scratch->alice().user());
    EXPECT_EQ(describe::parse_json(claimed.payload).at("entry").as_int64(), 7);
    EXPECT_EQ(claimed.attempts, 1);
    EXPECT_FALSE(claimed.began_before());
}

TEST_P(AttemptsTest, WritesTheOutcomeWithItsResultAndEvent) {
    auto made = enqueue({.type = "a.one"});
    auto claimed = claim(worker, 1).at(0);
    clock.advance(2s);

    run(end_all({Ending{claimed.fence(), Status::success, R"({"report_id":5})"}}));

    auto found = job(made.id);
    EXPECT_EQ(found.status, Status::success);
    EXPECT_EQ(found.progress, 100);
    EXPECT_EQ(found.result->at("report_id").as_int64(), 5);
    EXPECT_EQ(*found.finished_at - *found.started_at, 2s);
    EXPECT_THAT(told(made.id), ElementsAre("queued", "started", "finished"));
}

// A stale fence changes nothing (I1).
TEST_P(AttemptsTest, RefusesWhatAnEarlierAttemptWrites) {
    auto made = enqueue({.type = "a.one"});
    auto stale = claim(worker, 1).at(0);
    run(hand_back_job(stale));
    auto current = claim(other_worker, 1).at(0);

    run(end_all({Ending{stale.fence(), Status::failed}}));
    run(postpone_job(stale, 1h));

    EXPECT_FALSE(run(still_holds(stale.fence())));
    EXPECT_TRUE(run(still_holds(current.fence())));
    EXPECT_EQ(job(made.id).status, Status::running);
}

// An outcome is written once (I3).
TEST_P(AttemptsTest, KeepsTheFirstOutcomeOfAJobThatEndsTwice) {
    auto made = enqueue({.type = "a.one"});
    auto claimed = claim(worker, 1).at(0);
    end(claimed);

    end(claimed, Status::failed);

    EXPECT_EQ(job(made.id).status, Status::success);
    EXPECT_THAT(told(made.id), ElementsAre("queued", "started", "finished"));
}

TEST_P(AttemptsTest, AcceptsTheGoodOnesOfABatchWithStaleOnes) {
    enqueue({.type = "a.one"});
    enqueue({.type = "a.one"});
    auto both = claim(worker, 2);
    auto stale = both.at(0).fence();
    stale.lease_seq += 1;

    run(end_all({Ending{stale, Status::success}, Ending{both.at(1).fence(), Status::success}}));

    EXPECT_EQ(job(both.at(0).id).status, Status::running);
    EXPECT_EQ(job(both.at(1).id).status, Status::success);
}

TEST_P(AttemptsTest, TriesAPostponedJobAgainWhenItsTimeHasCome) {
    auto made = enqueue({.type = "a.one"});
    run(postpone_job(claim(worker, 1).at(0), 30s));

    auto early = claim(worker, 1);
    clock.advance(30s);
    auto again = claim(worker, 1);

    EXPECT_THAT(early, IsEmpty());
    EXPECT_EQ(again.at(0).attempts, 2);
    EXPECT_THAT(told(made.id), ElementsAre("queued", "started", "retry", "started"));
}

// What is handed back uses no attempt (I5).
TEST_P(AttemptsTest, CountsNoAttemptForAJobThatIsHandedBack) {
    enqueue({.type = "a.one"});
    run(hand_back_job(claim(worker, 1).at(0)));

    auto again = claim(other_worker, 1).at(0);

    EXPECT_EQ(again.attempts, 1);
    EXPECT_TRUE(again.began_before());
}

TEST_P(AttemptsTest, NumbersEventsWithoutGapsWhenManyWriteAtOnce) {
    auto made = enqueue({.type = "a.one"});
    auto claimed = claim(worker, 1).at(0);
    int ended = 0;
    auto count = [&](std::exception_ptr failure) {
        EXPECT_FALSE(failure);
        ++ended;
    };

    for (int i = 0; i < 4; ++i) boost::asio::co_spawn(scratch->io(), tell(claimed, 5), count);
    scratch->io().restart();
    while (ended < 4) scratch->io().run_one();

    auto told_events = events(made.id);
    EXPECT_THAT(told_events, SizeIs(22));
    for (std::size_t i = 0; i < told_events.size(); ++i)
        EXPECT_EQ(told_events[i].seq, static_cast<std::int64_t>(i + 1));
}

// A step is recorded once (I7).
TEST_P(AttemptsTest, KeepsAStepOnce) {
    enqueue({.type = "a.one"});
    auto claimed = claim(worker, 1).at(0);

    run(keep_step_of(claimed, "analyze"));

    EXPECT_THROW(run(keep_step_of(claimed, "analyze")), Error);
    EXPECT_THAT(job(claimed.id).steps, SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Databases, AttemptsTest, sql::both_databases(), sql::dialect_name);

TEST(HashOf, TellsTextsApartAndStaysTheSame) {
    EXPECT_EQ(hash_of(""), "6c62272e07bb014262b821756295c58d");
    EXPECT_NE(hash_of("a"), hash_of("b"));
}

}  // namespace
}  // namespace afterresume::jobs
