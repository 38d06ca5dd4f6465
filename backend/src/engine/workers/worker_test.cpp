#include "engine/workers/testing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using jobs::Status;
using orchestration::Run;
using testing::ElementsAre;
using testing::SizeIs;

struct Args {
    std::int64_t entry = 0;
};
BOOST_DESCRIBE_STRUCT(Args, (), (entry))
struct Found {
    std::int64_t doubled = 0;
};
BOOST_DESCRIBE_STRUCT(Found, (), (doubled))

// What the workflows below did, told by their test how to behave.
struct Script {
    int steps = 0;
    int finishes = 0;
    int failures_left = 0;
    std::optional<Error> failure;
    std::function<Task<void>()> during;
    std::string step_input_suffix;
};

class TwoSteps : public orchestration::WorkflowOf<Args> {
public:
    TwoSteps(Script& script, jobs::Queue& queue) : script_(script), queue_(queue) {}

    orchestration::Plan steps() const override { return {{.name = "double"}, {.name = "check"}}; }

protected:
    Task<void> run(Run& run, Args args) override {
        auto input = Args{args.entry + static_cast<std::int64_t>(script_.step_input_suffix.size())};
        auto found = co_await run.step<Found>("double", input, [this](const Args& given) {
            return doubled(given);
        });
        auto checked =
            co_await run.step<Found>("check", found, [](const Found& given) { return given; });
        if (script_.failures_left > 0) {
            --script_.failures_left;
            throw Error(*script_.failure);
        }
        co_await run.finish([&](sql::Tx& tx) { return store(tx, run, checked); });
    }

private:
    Task<Found> doubled(Args given) {
        ++script_.steps;
        if (script_.during) co_await std::exchange(script_.during, {})();
        co_return Found{given.entry * 2};
    }
    Task<Found> store(sql::Tx& tx, Run& run, Found found) {
        ++script_.finishes;
        co_await queue_.enqueue(tx, run.origin(), {.type = "b.follow_up"});
        co_return found;
    }

    Script& script_;
    jobs::Queue& queue_;
};

class Nothing : public orchestration::Workflow {
public:
    Task<void> start(Run& run) override {
        run.conclude(Found{7});
        co_return;
    }
};

class WorkerTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        workflows.add({.name = "b.two_steps"}, std::make_unique<TwoSteps>(script, queue));
        workflows.add({.name = "b.follow_up"}, std::make_unique<Nothing>());
        subject = open_worker();
    }

    Task<void> die_and_be_rescued() {
        co_await end_lease(subject->id());
        co_await rescue_as({});
    }
    Task<void> cancel_quietly(jobs::JobId id) { co_await cancel_as(scratch->alice(), id); }
    Task<void> cancel_and_beat(jobs::JobId id) {
        co_await cancel_as(scratch->alice(), id);
        co_await subject->beat_once();
    }
    static Task<void> wait_for(boost::asio::steady_timer& timer) {
        boost::system::error_code ignored;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    static std::string text_of(std::FILE* file) {
        std::rewind(file);
        std::string text(1 << 16, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), file));
        return text;
    }
    Task<void> lose_rights() {
        rights.role = Role::read_only;
        co_return;
    }
    jobs::JobId ask() { return enqueue({.type = "b.two_steps", .payload = R"({"entry":21})"}).id; }
    void fail_times(int times, Error error) {
        script.failures_left = times;
        script.failure = std::move(error);
    }

    Script script;
};

// Where this process is the only one; on PostgreSQL others may be alive.
class WorkerOnSqliteTest : public WorkerTest {};

TEST_P(WorkerTest, RunsAWorkflowToItsEndAndItsFollowUpToo) {
    auto id = ask();

    auto made = work();

    EXPECT_EQ(made, 2U);
    auto found = job(id);
    EXPECT_EQ(found.status, Status::success);
    EXPECT_EQ(found.result->at("doubled").as_int64(), 42);
    EXPECT_THAT(
        told(id), ElementsAre(
                      "queued", "started", "step_started", "step_finished", "step_started",
                      "step_finished", "finished"
                  )
    );
    EXPECT_THAT(found.steps, SizeIs(2));
    auto follow_up = listed({.type = "b.follow_up"}).items.at(0);
    EXPECT_EQ(follow_up.status, Status::success);
    EXPECT_EQ(follow_up.parent_id, id);
    EXPECT_EQ(follow_up.trigger, jobs::Trigger::chain);
    EXPECT_EQ(follow_up.trace_id, found.trace_id);
    EXPECT_EQ(follow_up.result->at("doubled").as_int64(), 7);
}

// What is recorded is not done again (I7).
TEST_P(WorkerTest, NeverRepeatsAStepWhateverFailsAfterIt) {
    auto id = ask();
    fail_times(2, Error(ErrorKind::upstream, "llm.away", "The model was away."));

    for (int i = 0; i < 3; ++i) {
        work();
        clock.advance(10min);
    }

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(job(id).attempts, 3);
    EXPECT_EQ(job(id).retry_count, 2);
    EXPECT_EQ(script.steps, 1);
    EXPECT_EQ(script.finishes, 1);
}

TEST_P(WorkerTest, CountsHowAttemptsEnded) {
    ask();
    fail_times(1, Error(ErrorKind::upstream, "llm.away", "The model was away."));
    work();
    clock.advance(10min);

    work();

    auto text = metrics.text();
    EXPECT_THAT(text, testing::HasSubstr(R"(jobs_total{outcome="retry",type="b.two_steps"} 1)"));
    EXPECT_THAT(text, testing::HasSubstr(R"(jobs_total{outcome="success",type="b.two_steps"} 1)"));
    EXPECT_THAT(text, testing::HasSubstr(R"(job_run_seconds_count{type="b.follow_up"} 1)"));
}

TEST_P(WorkerTest, TellsTheLogOfEachAttemptUnderItsCorrelation) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    auto id = ask();
    fail_times(1, Error(ErrorKind::upstream, "llm.away", "The model was away."));
    {
        observability::Log told(
            observability::Level::debug, observability::LogFormat::text, file.get()
        );
        Worker teller(
            {scratch->io(), scratch->database(), workflows, rights, doorbell, pool, clock, told}, {}
        );
        run(teller.open());
        run(teller.work_until_idle());
    }

    auto text = text_of(file.get());
    // Nobody named another correlation: it is the job's own.
    auto mine = id.text();
    EXPECT_THAT(text, testing::HasSubstr(fmt::format("b.two_steps {} began", mine)));
    EXPECT_THAT(text, testing::HasSubstr("failed: The model was away. (llm.away)"));
    EXPECT_THAT(text, testing::ContainsRegex(mine + ".*" + mine + " ended as retry after"));
}

// Attempts have a bound (I5).
TEST_P(WorkerTest, FailsAfterTheLastAttempt) {
    auto id = ask();
    fail_times(10, Error(ErrorKind::unavailable, "llm.away", "The model was away."));

    for (int i = 0; i < 5; ++i) {
        work();
        clock.advance(10min);
    }

    auto found = job(id);
    EXPECT_EQ(found.status, Status::failed);
    EXPECT_EQ(found.attempts, 3);
    EXPECT_EQ(found.error->code, "llm.away");
    EXPECT_EQ(found.error->kind, jobs::FailureKind::retryable);
}

TEST_P(WorkerTest, WaitsAsLongAsItWasToldBeforeItTriesAgain) {
    auto id = ask();
    fail_times(1, Error(ErrorKind::rate_limited, "llm.slow_down", "Slow down.").retry_after(3600));
    work();

    clock.advance(3599s);
    auto early = work();
    clock.advance(1s);
    work();

    EXPECT_EQ(early, 0U);
    EXPECT_EQ(job(id).status, Status::success);
}

TEST_P(WorkerTest, TriesOnlySoManyAgainSoonWhenAllFailAtOnce) {
    for (int i = 0; i < 15; ++i) ask();
    fail_times(15, Error(ErrorKind::upstream, "llm.away", "The model was away."));
    work();

    clock.advance(1min);
    auto soon = work();
    clock.advance(10min);
    auto later = work();

    // Ten of the reserve, one for what fifteen attempts earn; each with what follows from it.
    EXPECT_EQ(soon, 2 * 11U);
    EXPECT_EQ(later, 2 * 4U);
}

TEST_P(WorkerTest, DoesNotRepeatWhatCannotGetBetter) {
    auto id = ask();
    fail_times(10, Error(ErrorKind::invalid, "entry.empty", "The entry is empty."));

    work();

    EXPECT_EQ(job(id).status, Status::failed);
    EXPECT_EQ(job(id).attempts, 1);
    EXPECT_EQ(job(id).error->kind, jobs::FailureKind::permanent);
}

TEST_P(WorkerTest, DoesAStepAnewThatIsGivenAnotherInputThanBefore) {
    auto id = ask();
    fail_times(1, Error(ErrorKind::upstream, "llm.away", "The model was away."));
    work();
    script.step_input_suffix = "changed";
    clock.advance(10min);

    work();

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(script.steps, 2);
    EXPECT_EQ(job(id).result->at("doubled").as_int64(), 56);
}

TEST_P(WorkerTest, FailsAJobWhoseRequesterLeft) {
    auto id = ask();
    rights.role.reset();

    work();

    EXPECT_EQ(job(id).status, Status::failed);
    EXPECT_EQ(job(id).error->kind, jobs::FailureKind::permission_lost);
    EXPECT_EQ(script.steps, 0);
}

TEST_P(WorkerTest, FailsAJobWhoseRequesterMayOnlyReadByNow) {
    auto id = ask();
    rights.role = Role::read_only;

    work();

    EXPECT_EQ(job(id).error->kind, jobs::FailureKind::permission_lost);
}

TEST_P(WorkerTest, WritesNothingForWhoeverLostTheRightWhileItRan) {
    auto id = ask();
    script.during = [&] { return lose_rights(); };

    work();

    EXPECT_EQ(job(id).status, Status::failed);
    EXPECT_EQ(job(id).error->kind, jobs::FailureKind::permission_lost);
    EXPECT_EQ(script.steps, 1);
    EXPECT_EQ(script.finishes, 0);
}

// A stale fence changes nothing (I1), so that there is one outcome (I3).
TEST_P(WorkerTest, WritesNothingOnceItsJobWasTakenBack) {
    auto id = ask();
    clock.advance(1s);
    script.during = [&] { return die_and_be_rescued(); };

    work();

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(script.steps, 2);
    EXPECT_EQ(script.finishes, 1);
    EXPECT_THAT(
        told(id), ElementsAre(
                      "queued", "started", "step_started", "rescued", "started", "step_started",
                      "step_finished", "step_started", "step_finished", "finished"
                  )
    );
}

// No step begins after a cancel (I9).
TEST_P(WorkerTest, StopsARunningJobThatWasCancelled) {
    auto id = ask();
    script.during = [&] { return cancel_quietly(id); };

    work();

    EXPECT_EQ(job(id).status, Status::cancelled);
    EXPECT_EQ(script.finishes, 0);
}

TEST_P(WorkerTest, HearsOfACancelledJobWithTheBeat) {
    auto id = ask();
    script.during = [&] { return cancel_and_beat(id); };

    work();

    EXPECT_EQ(job(id).status, Status::cancelled);
}

TEST_P(WorkerTest, WorksAsSoonAsSomethingIsEnqueuedUntilItIsStopped) {
    boost::asio::co_spawn(scratch->io(), subject->run(), [](std::exception_ptr) {});
    auto id = ask();

    while (job(id).status != Status::success) scratch->io().run_one();
    run(subject->stop(1s));
    auto too_late = ask();

    EXPECT_EQ(job(too_late).status, Status::queued);
    EXPECT_EQ(script.finishes, 1);
}

// What is handed back uses no attempt (I5) and ends (I4).
TEST_P(WorkerTest, HandsBackWhatDoesNotEndWithinTheGrace) {
    boost::asio::steady_timer never(scratch->io(), 24h);
    script.during = [&] { return wait_for(never); };
    auto id = ask();
    run(subject->claim_once());
    while (script.steps == 0) scratch->io().run_one();

    run(subject->stop(0ms));
    auto handed_back = job(id);
    never.cancel();
    while (subject->active() > 0) scratch->io().run_one();
    auto successor = open_worker();
    run(successor->work_until_idle());

    EXPECT_EQ(handed_back.status, Status::queued);
    EXPECT_EQ(handed_back.attempts, 0);
    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(job(id).attempts, 1);
    EXPECT_EQ(script.finishes, 1);
}

TEST_P(WorkerTest, BeginsAnewUnderAnotherNameWhenItWasDeclaredDead) {
    auto before = subject->id();
    let_lease_end(before);
    rescue();

    run(subject->beat_once());
    auto id = ask();
    work();

    EXPECT_NE(subject->id(), before);
    EXPECT_EQ(job(id).status, Status::success);
}

TEST_P(WorkerOnSqliteTest, TakesBackAtItsStartWhatAnEarlierProcessLeft) {
    auto id = ask();
    claim(worker, 1, {"b.two_steps"});

    auto successor = open_worker();
    run(successor->work_until_idle());

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(job(id).attempts, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Databases, WorkerOnSqliteTest, testing::Values(sql::Dialect::sqlite), sql::dialect_name
);
INSTANTIATE_TEST_SUITE_P(Databases, WorkerTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
