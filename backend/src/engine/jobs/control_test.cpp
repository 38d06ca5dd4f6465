#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ControlTest : public JobsTest {
protected:
    Task<std::int64_t> cancel_all_as(Scope scope, UserId user, std::int64_t most) {
        auto tx = scratch->database().begin(scope, sql::Access::write);
        auto count =
            co_await jobs::cancel_all(*tx, scope.tenant(), user, most, cancels, clock.now());
        co_await tx->commit();
        co_return count;
    }
    std::int64_t cancel_all(UserId user = UserId{0}, std::int64_t most = 100) {
        return run(cancel_all_as(scratch->alice(), user, most));
    }
    static Error refusal_of(const std::function<void()>& act) {
        try {
            act();
        } catch (const Error& error) {
            return error;
        }
        return {ErrorKind::internal, "test.taken", "It was not refused."};
    }
    Task<void> progress_as(Claimed claimed, std::int16_t percent) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        hold(*tx, claimed.fence());
        NewEvent event{clock.now(), Level::info, Source::workflow, "On its way", {}, percent};
        append_event(*tx, claimed.tenant_id, claimed.id, event);
        co_await tx->commit();
    }
    // As an attempt writes.
    Task<std::string> written_by(Claimed claimed) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        try {
            hold(*tx, claimed.fence());
            co_await tx->commit();
        } catch (const Error& error) {
            co_return error.code();
        }
        co_return "written";
    }
};

TEST_P(ControlTest, CancelsAWaitingJobAtOnce) {
    auto made = enqueue({.type = "a.one"});

    auto status = cancel(made.id);

    EXPECT_EQ(status, Status::cancelled);
    EXPECT_EQ(job(made.id).status, Status::cancelled);
    EXPECT_THAT(claim(worker, 1), IsEmpty());
    EXPECT_THROW(cancel(made.id), Error);
}

TEST_P(ControlTest, AsksARunningJobToStopAndTellsItOnce) {
    auto made = enqueue({.type = "a.one"});
    claim(worker, 1);

    auto status = cancel(made.id);
    cancel(made.id);

    EXPECT_EQ(status, Status::running);
    EXPECT_THAT(told(made.id), ElementsAre("queued", "started", "cancel_requested"));
}

TEST_P(ControlTest, RingsForARunningJobAndNoOther) {
    int rings = 0;
    cancels.listen(this, [&](const auto&) { ++rings; });
    auto waiting = enqueue({.type = "a.one"});
    cancel(waiting.id);
    auto before = rings;
    auto running = enqueue({.type = "a.one"});
    claim(worker, 1);

    cancel(running.id);

    EXPECT_EQ(before, 0);
    EXPECT_EQ(rings, 1);
}

// A cancel outlives the worker (I9).
TEST_P(ControlTest, EndsACancelledJobWhoseWorkerDied) {
    auto made = enqueue({.type = "a.one"});
    claim(worker, 1);
    cancel(made.id);
    let_lease_end(worker);

    rescue();

    EXPECT_EQ(job(made.id).status, Status::cancelled);
}

// The fence goes on rising (I2).
TEST_P(ControlTest, BeginsAFailedJobAnewAsItsNextGeneration) {
    auto made = enqueue({.type = "a.one"});
    auto first = claim(worker, 1).at(0);
    end(first, Status::failed);

    retry(made.id);
    auto second = claim(worker, 1).at(0);

    EXPECT_EQ(second.generation, 2);
    EXPECT_EQ(second.attempts, 1);
    EXPECT_GT(second.lease_seq, first.lease_seq);
    end(second);
    EXPECT_EQ(job(made.id).status, Status::success);
}

TEST_P(ControlTest, TellsThatARetryMadeAJobBeginAnew) {
    auto made = enqueue({.type = "a.one"});
    auto before = job(made.id).trigger;
    end(claim(worker, 1).at(0), Status::failed);

    retry(made.id);

    EXPECT_EQ(before, Trigger::api);
    EXPECT_EQ(job(made.id).trigger, Trigger::retry);
}

TEST_P(ControlTest, TellsWhatCameBeforeARetryAfterIt) {
    auto made = enqueue({.type = "a.one"});
    Failure failure{FailureKind::permanent, "a.broken", "The first try broke."};
    run(end_all({Ending{claim(worker, 1).at(0).fence(), Status::failed, std::nullopt, failure}}));
    retry(made.id);
    end(claim(worker, 1).at(0));

    EXPECT_THAT(
        told(made.id),
        ElementsAre("queued", "started", "finished", "retry_requested", "started", "finished")
    );
    EXPECT_EQ(events(made.id).at(2).message, "Failed: The first try broke.");
    EXPECT_EQ(events(made.id).at(5).message, "Finished");
}

TEST_P(ControlTest, TellsOfAJobThatWasCancelledBeforeItBegan) {
    auto made = enqueue({.type = "a.one"});
    run(cancel_as(scratch->alice(), made.id));
    retry(made.id);
    end(claim(worker, 1).at(0));

    EXPECT_THAT(
        told(made.id), ElementsAre("queued", "finished", "retry_requested", "started", "finished")
    );
}

TEST_P(ControlTest, RefusesToRepeatASuccess) {
    auto made = enqueue({.type = "a.one"});
    end(claim(worker, 1).at(0));

    EXPECT_THROW(retry(made.id), Error);
}

TEST_P(ControlTest, KeepsTheKeyOfAUniqueJobThatIsTriedAgain) {
    for (const auto* type : {"a.unique", "a.alone"}) {
        auto first = enqueue({.type = type});
        end(claim(worker, 1).at(0), Status::failed);
        retry(first.id);

        auto second = enqueue({.type = type});

        EXPECT_EQ(second.id, first.id) << type;
        auto again = claim(worker, 1).at(0);
        EXPECT_EQ(enqueue({.type = type}).fresh, type == std::string_view("a.unique"));
        end(again);
        cancel_all();
    }
}

TEST_P(ControlTest, TriesNoUniqueJobAgainBesideAnotherOfItsKey) {
    auto first = enqueue({.type = "a.alone"});
    end(claim(worker, 1).at(0), Status::failed);
    auto second = enqueue({.type = "a.alone"});

    auto refusal = refusal_of([&] { retry(first.id); });

    EXPECT_EQ(refusal.code(), "job.key_held");
    EXPECT_THAT(refusal.what(), testing::HasSubstr(second.id.text()));
    EXPECT_EQ(job(first.id).status, Status::failed);
    EXPECT_EQ(job(first.id).error, std::nullopt);
    EXPECT_THAT(claim(worker, 10), SizeIs(1));
}

TEST_P(ControlTest, TriesAJobAgainWithoutTheDeadlineThatItMissed) {
    auto made = enqueue({.type = "a.one", .deadline = clock.now() + 1min});
    clock.advance(61s);
    rescue();
    retry(made.id);

    auto again = claim(worker, 1).at(0);

    EXPECT_EQ(again.deadline, std::nullopt);
    end(again);
    EXPECT_EQ(job(made.id).status, Status::success);
}

TEST_P(ControlTest, RunsAJobNowThatWaitedForLater) {
    auto made = enqueue({.type = "a.one", .run_at = clock.now() + 1h});

    retry(made.id);

    EXPECT_THAT(claim(worker, 1), SizeIs(1));
}

TEST_P(ControlTest, KnowsNoJobOfAnotherTenant) {
    auto made = enqueue({.type = "a.one"});

    EXPECT_THROW(run(job_as(scratch->bob(), made.id)), Error);
    EXPECT_THROW(run(cancel_as(scratch->bob(), made.id)), Error);
    EXPECT_THROW(run(retry_as(scratch->bob(), made.id)), Error);
    EXPECT_THAT(run(listed_as(scratch->bob(), {})).items, IsEmpty());
    EXPECT_EQ(job(made.id).status, Status::queued);
}

TEST_P(ControlTest, ListsTheNewestFirstPageByPage) {
    std::vector<JobId> ids;
    for (int i = 0; i < 5; ++i) {
        clock.advance(1ms);
        ids.push_back(enqueue({.type = "a.one"}).id);
    }

    auto first = listed({.page_size = 3});
    auto second = listed({.cursor = first.next_cursor, .page_size = 3});

    EXPECT_THAT(first.items, SizeIs(3));
    EXPECT_EQ(first.items.front().id, ids.back());
    EXPECT_THAT(second.items, SizeIs(2));
    EXPECT_EQ(second.items.back().id, ids.front());
    EXPECT_FALSE(second.next_cursor);
    EXPECT_THROW(listed({.cursor = "nonsense"}), Error);
}

TEST_P(ControlTest, ListsHowFarAJobIs) {
    enqueue({.type = "a.one"});
    auto claimed = claim(worker, 1).at(0);
    run(progress_as(claimed, 20));
    run(progress_as(claimed, 40));

    auto listed_job = listed({}).items.at(0);

    EXPECT_EQ(listed_job.progress, 40);
    EXPECT_EQ(listed_job.progress_message, "On its way");
}

TEST_P(ControlTest, FiltersByStatusAndType) {
    auto done = enqueue({.type = "a.one"});
    end(claim(worker, 1).at(0));
    auto waiting = enqueue({.type = "a.unique"});

    auto successes = listed({.status = Status::success});
    auto queued = listed({.status = Status::queued, .type = "a.unique"});

    EXPECT_THAT(successes.items, SizeIs(1));
    EXPECT_EQ(successes.items.at(0).id, done.id);
    EXPECT_THAT(queued.items, SizeIs(1));
    EXPECT_EQ(queued.items.at(0).id, waiting.id);
    EXPECT_THAT(listed({.status = Status::queued, .type = "a.one"}).items, IsEmpty());
}

TEST_P(ControlTest, CancelsAllOfATenantAndLeavesTheOthersTheirs) {
    auto hers = enqueue_many(scratch->alice(), "a.one", 3);
    auto his = enqueue_many(scratch->bob(), "a.one", 1);

    auto count = cancel_all();

    EXPECT_EQ(count, 3);
    for (auto id : hers) EXPECT_EQ(job(id).status, Status::cancelled);
    auto left = claim(worker, 10);
    ASSERT_THAT(left, SizeIs(1));
    EXPECT_EQ(left.front().id, his.front());
}

TEST_P(ControlTest, CancelsAllOfOneUserInBites) {
    enqueue_many(scratch->alice(), "a.one", 3);

    EXPECT_EQ(cancel_all(UserId{99}), 0);
    EXPECT_EQ(cancel_all(scratch->alice().user(), 2), 2);
    EXPECT_EQ(cancel_all(scratch->alice().user(), 2), 1);
    EXPECT_THAT(claim(worker, 10), IsEmpty());
}

TEST_P(ControlTest, LetsARunningJobWriteNothingOnceAllAreCancelled) {
    auto made = enqueue({.type = "a.one"});
    auto claimed = claim(worker, 1).front();
    ASSERT_EQ(run(written_by(claimed)), "written");

    cancel_all();

    EXPECT_EQ(run(written_by(claimed)), not_held);
    end(claimed);
    EXPECT_EQ(job(made.id).status, Status::cancelled);
}

INSTANTIATE_TEST_SUITE_P(Databases, ControlTest, sql::both_databases(), sql::dialect_name);

class RescueTest : public JobsTest {};

TEST_P(RescueTest, TakesBackTheJobsOfAWorkerThatStoppedBeating) {
    auto made = enqueue({.type = "a.one"});
    claim(worker, 1);
    let_lease_end(worker);

    rescue();
    auto again = claim(other_worker, 1).at(0);

    EXPECT_EQ(again.attempts, 1);
    EXPECT_EQ(again.rescues, 1);
    EXPECT_THAT(told(made.id), ElementsAre("queued", "started", "rescued", "started"));
}

TEST_P(RescueTest, LooksForWhatThoseLeftThatDiedSince) {
    auto made = enqueue({.type = "a.one"});
    claim(worker, 1);
    let_lease_end(worker);

    EXPECT_EQ(rescue({.died_since = clock.now() + 1ms}), 0U);
    EXPECT_EQ(job(made.id).status, Status::running);
    EXPECT_EQ(rescue({.died_since = clock.now()}), 1U);
}

TEST_P(RescueTest, LeavesTheLivingAlone) {
    auto made = enqueue({.type = "a.one"});
    claim(worker, 1);

    EXPECT_EQ(rescue(), 0U);
    EXPECT_EQ(job(made.id).status, Status::running);
}

// Rescues have a cap (I5).
TEST_P(RescueTest, GivesUpOnAJobThatKillsEveryProcess) {
    auto made = enqueue({.type = "a.one"});
    for (int i = 0; i < 3; ++i) {
        auto victim = Uuid::random();
        register_process(victim);
        claim(victim, 1);
        let_lease_end(victim);
        rescue({.rescues = 2, .apart = {}});
    }

    auto found = job(made.id);

    EXPECT_EQ(found.status, Status::failed);
    EXPECT_EQ(found.error->code, "job.worker_died");
}

TEST_P(RescueTest, LetsJobsComeBackApartThatDieTogetherAgain) {
    enqueue_many(scratch->alice(), "a.one", 20);
    for (int i = 0; i < 2; ++i) {
        auto victim = Uuid::random();
        register_process(victim);
        EXPECT_THAT(claim(victim, 20), SizeIs(20));
        let_lease_end(victim);
        rescue();
    }

    auto at_once = claim(worker, 20);
    clock.advance(2'500ms);
    auto soon = claim(worker, 20);
    clock.advance(2'501ms);
    auto later = claim(worker, 20);

    EXPECT_THAT(at_once, IsEmpty());
    EXPECT_THAT(soon, Not(IsEmpty()));
    EXPECT_THAT(later, SizeIs(20 - soon.size()));
    EXPECT_THAT(later, Not(IsEmpty()));
}

TEST_P(RescueTest, FailsWhatIsPastItsDeadlineAtWorkOrNot) {
    auto waiting = enqueue({.type = "a.one", .priority = 3, .deadline = clock.now() + 1min});
    auto running = enqueue({.type = "a.one", .priority = 0, .deadline = clock.now() + 1min});
    claim(worker, 1);
    clock.advance(61s);

    rescue();

    EXPECT_EQ(job(waiting.id).error->code, "job.deadline_exceeded");
    EXPECT_EQ(job(running.id).error->code, "job.deadline_exceeded");
}

INSTANTIATE_TEST_SUITE_P(Databases, RescueTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
