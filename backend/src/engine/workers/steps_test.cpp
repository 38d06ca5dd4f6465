#include "engine/workers/testing.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using jobs::Status;
using orchestration::StepCall;
using testing::ElementsAre;
using testing::SizeIs;

struct Number {
    std::int64_t value = 0;
};
BOOST_DESCRIBE_STRUCT(Number, (), (value))

// A workflow whose story its test tells.
class Told : public orchestration::Workflow {
public:
    Task<void> start(orchestration::Run& run) override { return story(run); }
    orchestration::Plan steps() const override { return plan; }

    orchestration::Plan plan;
    std::function<Task<void>(orchestration::Run&)> story;
};

class StepsTest : public WorkersTest {
protected:
    // Before anything else.
    void plan(orchestration::Plan plan) {
        auto workflow = std::make_unique<Told>();
        workflow->plan = std::move(plan);
        told_workflow = workflow.get();
        workflows.add({.name = "s.told"}, std::move(workflow));
        subject = open_worker();
    }
    template <class Story>
    jobs::JobId tell(Story story) {
        told_workflow->story = std::move(story);
        auto id = enqueue({.type = "s.told"}).id;
        work();
        return id;
    }
    // Until so many calls have begun.
    template <class Story>
    jobs::JobId begin(int awaited, Story story) {
        told_workflow->story = std::move(story);
        auto id = enqueue({.type = "s.told"}).id;
        run(subject->claim_once());
        while (calls < awaited) scratch->io().run_one();
        return id;
    }
    void cancel_and_beat(jobs::JobId id) {
        cancel(id);
        run(subject->beat_once());
    }
    void end_attempts() {
        while (subject->active() > 0) scratch->io().run_one();
    }
    // Name, status and tries of each step.
    std::vector<std::string> steps_seen(jobs::JobId id) {
        std::vector<std::string> lines;
        for (const auto& step : job(id).steps)
            lines.push_back(
                fmt::format("{} {} {}", step.name, describe::name_of(step.status), step.attempts)
            );
        return lines;
    }
    void try_again() {
        clock.advance(10min);
        work();
    }
    // Steps aside, so that what goes on at the same time does.
    static Task<void> breathe() {
        auto executor = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
    Task<Number> doubled(Number given, StepCall& call) {
        ++calls;
        keys.push_back(call.idempotency_key);
        call.cost += cost;
        most_at_once = std::max(most_at_once, ++at_once);
        while (calls < first_wait_for) co_await breathe();
        --at_once;
        if (given.value == unlucky && failures-- > 0)
            throw Error(ErrorKind::unavailable, "model.away", "The model was away.");
        co_return Number{2 * given.value};
    }
    auto doubling() {
        return [this](const Number& given, StepCall& call) { return doubled(given, call); };
    }
    Task<void> double_all(orchestration::Run& run) {
        std::vector<Number> numbers;
        for (std::int64_t i = 1; i <= 10; ++i) numbers.push_back({i});
        auto doubles = co_await run.each<Number>("double", numbers, doubling(), 3);
        Number sum;
        for (const auto& one : doubles) sum.value += one.value;
        run.conclude(sum);
    }
    Task<void> double_one(orchestration::Run& run) {
        auto found = co_await run.step<Number>("double", Number{7}, doubling());
        run.conclude(found);
    }

    Task<void> double_twice(orchestration::Run& run) {
        auto found = co_await run.step<Number>("double", Number{7}, doubling());
        found = co_await run.step<Number>("again", found, doubling());
        run.conclude(found);
    }
    Task<void> double_and_wait(orchestration::Run& run) {
        auto wait = [this](const Number& given) { return never(given); };
        co_await run.step<Number>("double", Number{7}, doubling());
        co_await run.step<Number>("wait", Number{1}, wait);
        co_await run.step<Number>("again", Number{1}, doubling());
    }
    Task<void> double_again(orchestration::Run& run) {
        co_await run.step<Number>("double", Number{1}, doubling());
        co_await run.step<Number>("double", Number{2}, doubling());
    }
    Task<void> double_both(orchestration::Run& run) {
        auto [one, other] = co_await orchestration::together(
            run.step<Number>("double", Number{1}, doubling()),
            run.step<Number>("again", Number{2}, doubling())
        );
        run.conclude(Number{one.value + other.value});
    }
    Task<Number> cancelled_meanwhile(jobs::JobId id) {
        ++calls;
        co_await cancel_as(scratch->alice(), id);
        co_await subject->beat_once();
        throw Error(ErrorKind::unavailable, "model.away", "The model was away.");
    }
    Task<void> call_while_cancelled(orchestration::Run& run) {
        auto call = [&](const Number&) { return cancelled_meanwhile(run.job().id); };
        co_await run.step<Number>("double", Number{1}, call);
    }
    Task<Number> never(Number number) {
        ++calls;
        boost::asio::steady_timer timer(scratch->io(), 24h);
        boost::system::error_code failure;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, failure));
        if (failure) ++broken_off;
        co_return number;
    }
    Task<Number> never_and_never(Number number) {
        co_await orchestration::together(never(number), never(number));
        co_return number;
    }
    Task<void> wait_for_nothing(orchestration::Run& run) {
        auto wait = [this](const Number& given) { return never(given); };
        co_await run.step<Number>("wait", Number{1}, wait);
    }
    Task<void> wait_for_nothing_twice(orchestration::Run& run) {
        auto wait = [this](const Number& given) { return never_and_never(given); };
        co_await run.step<Number>("wait", Number{1}, wait);
    }
    Task<void> wait_for_much(orchestration::Run& run) {
        auto wait = [this](const Number& given) { return never(given); };
        co_await run.each<Number>("wait", std::vector<Number>(10), wait, 3);
    }

    Told* told_workflow = nullptr;
    int calls = 0;
    std::vector<std::string> keys;
    int at_once = 0;
    int most_at_once = 0;
    // None ends before so many have begun.
    int first_wait_for = 1;
    int failures = 0;
    int broken_off = 0;
    std::int64_t cost = 0;
    std::int64_t unlucky = 7;
};

TEST_P(StepsTest, DoesPartsSideBySideAndNoMoreThanItWasTold) {
    plan({{.name = "double"}});
    first_wait_for = 3;

    auto id = tell([this](orchestration::Run& run) { return double_all(run); });

    EXPECT_EQ(job(id).result->at("value").as_int64(), 110);
    EXPECT_EQ(most_at_once, 3);
    EXPECT_THAT(job(id).steps, SizeIs(10));
}

TEST_P(StepsTest, RepeatsOnlyThePartThatFailed) {
    plan({{.name = "double"}});
    failures = 1;
    auto id = tell([this](orchestration::Run& run) { return double_all(run); });
    auto calls_before = calls;

    try_again();

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(job(id).attempts, 2);
    EXPECT_EQ(calls, 11);
    EXPECT_LT(calls_before, 11);
}

TEST_P(StepsTest, GivesACallTheSameKeyWheneverItIsTried) {
    plan({{.name = "double"}});
    failures = 1;
    tell([this](orchestration::Run& run) { return double_one(run); });

    try_again();

    ASSERT_THAT(keys, SizeIs(2));
    EXPECT_EQ(keys.at(0), keys.at(1));
}

TEST_P(StepsTest, AddsUpWhatItsStepsCost) {
    plan({{.name = "double"}});
    cost = 25;

    auto id = tell([this](orchestration::Run& run) { return double_all(run); });

    EXPECT_EQ(job(id).cost, 250);
    EXPECT_EQ(job(id).steps.at(0).cost, 25);
}

TEST_P(StepsTest, TriesAStepAgainWithinTheAttemptWhenItsPlanSaysSo) {
    plan({{.name = "double", .tries = 3, .backoff = {1ms, 1ms}}});
    failures = 2;

    auto id = tell([this](orchestration::Run& run) { return double_one(run); });

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(job(id).attempts, 1);
    EXPECT_EQ(calls, 3);
    EXPECT_THAT(
        told(id), ElementsAre(
                      "queued", "started", "step_started", "step_retry", "step_retry",
                      "step_finished", "finished"
                  )
    );
}

TEST_P(StepsTest, TriesNoStepAgainOnceTheBudgetOfRetriesIsUsedUp) {
    plan({{.name = "double", .tries = 100, .backoff = {0ms, 0ms}}});
    failures = 100;

    auto id = tell([this](orchestration::Run& run) { return double_one(run); });
    auto calls_before = calls;
    clock.advance(1min);
    auto soon = work();

    // Its own, and ten of the reserve; nothing is left for the job.
    EXPECT_EQ(calls_before, 11);
    EXPECT_EQ(job(id).status, Status::queued);
    EXPECT_EQ(soon, 0U);
}

// Nor does a try of a step begin after a cancel (I9).
TEST_P(StepsTest, BeginsNoTryOnceItsJobWasCancelled) {
    plan({{.name = "double", .tries = 3, .backoff = {0ms, 0ms}}});

    auto id = tell([this](orchestration::Run& run) { return call_while_cancelled(run); });

    EXPECT_EQ(job(id).status, Status::cancelled);
    EXPECT_EQ(calls, 1);
}

TEST_P(StepsTest, EndsATryThatTakesTooLong) {
    plan({{.name = "wait", .time_limit = 5ms}});

    auto id = tell([this](orchestration::Run& run) { return wait_for_nothing(run); });

    EXPECT_EQ(job(id).status, Status::queued);
    EXPECT_THAT(told(id), ElementsAre("queued", "started", "step_started", "step_failed", "retry"));
}

TEST_P(StepsTest, EndsAllThatATryAwaitsSideBySide) {
    plan({{.name = "wait", .time_limit = 5ms}});

    auto id = tell([this](orchestration::Run& run) { return wait_for_nothing_twice(run); });

    EXPECT_EQ(job(id).status, Status::queued);
    EXPECT_EQ(broken_off, 2);
}

TEST_P(StepsTest, BreaksOffWhatAStepAwaitsWhenItsJobIsCancelled) {
    plan({{.name = "wait"}});
    auto id = begin(1, [this](orchestration::Run& run) { return wait_for_nothing(run); });

    cancel_and_beat(id);
    work();

    EXPECT_EQ(job(id).status, Status::cancelled);
    EXPECT_EQ(broken_off, 1);
}

TEST_P(StepsTest, BreaksOffAllPartsOfAStepWhenItsJobIsCancelled) {
    plan({{.name = "wait"}});
    auto id = begin(3, [this](orchestration::Run& run) { return wait_for_much(run); });

    cancel_and_beat(id);
    work();

    EXPECT_EQ(job(id).status, Status::cancelled);
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(broken_off, 3);
}

TEST_P(StepsTest, BreaksOffWhatAStepAwaitsWhenItsJobIsSomebodyElses) {
    plan({{.name = "wait"}});
    auto id = begin(1, [this](orchestration::Run& run) { return wait_for_nothing(run); });

    let_lease_end(subject->id());
    rescue();
    run(subject->beat_once());
    end_attempts();

    EXPECT_EQ(job(id).status, Status::queued);
    EXPECT_EQ(broken_off, 1);
}

TEST_P(StepsTest, SaysHowFarAJobIsByTheWeightsOfItsSteps) {
    plan({{.name = "double", .weight = 1}, {.name = "again", .weight = 3}});
    failures = 1;
    unlucky = 14;
    auto id = tell([this](orchestration::Run& run) { return double_twice(run); });
    auto half_way = job(id).progress;

    try_again();

    EXPECT_EQ(half_way, 25);
    EXPECT_EQ(job(id).progress, 100);
    EXPECT_EQ(job(id).result->at("value").as_int64(), 28);
}

TEST_P(StepsTest, DoesDifferentStepsSideBySide) {
    plan({{.name = "double"}, {.name = "again"}});
    first_wait_for = 2;

    auto id = tell([this](orchestration::Run& run) { return double_both(run); });

    EXPECT_EQ(most_at_once, 2);
    EXPECT_EQ(job(id).result->at("value").as_int64(), 6);
}

TEST_P(StepsTest, ShowsWhatIsDoneWhatIsUnderWayAndWhatIsPlanned) {
    plan(
        {{.name = "double", .tries = 2, .backoff = {0ms, 0ms}}, {.name = "wait"}, {.name = "again"}}
    );
    failures = 1;
    auto id = begin(3, [this](orchestration::Run& run) { return double_and_wait(run); });
    auto under_way = steps_seen(id);

    cancel_and_beat(id);
    work();

    EXPECT_THAT(under_way, ElementsAre("double finished 2", "wait running 1", "again planned 0"));
    EXPECT_THAT(
        steps_seen(id), ElementsAre("double finished 2", "wait interrupted 1", "again planned 0")
    );
}

TEST_P(StepsTest, ShowsAStepAsFailedAndHowOftenItWasTriedInAll) {
    plan({{.name = "double"}});
    failures = 1;
    auto id = tell([this](orchestration::Run& run) { return double_one(run); });
    auto after_one = steps_seen(id);

    try_again();

    EXPECT_THAT(after_one, ElementsAre("double failed 1"));
    EXPECT_THAT(steps_seen(id), ElementsAre("double finished 2"));
}

TEST_P(StepsTest, ShowsThePlanAnewOnceItsJobIsTriedAgain) {
    plan({{.name = "double"}, {.name = "again"}});
    auto id = tell([this](orchestration::Run& run) { return double_again(run); });

    retry(id);

    EXPECT_THAT(steps_seen(id), ElementsAre("double planned 0", "again planned 0"));
}

TEST_P(StepsTest, FailsAWorkflowThatDoesWhatItDidNotPlan) {
    plan({{.name = "double"}});

    auto unplanned = tell([this](orchestration::Run& run) { return double_twice(run); });
    auto twice = tell([this](orchestration::Run& run) { return double_again(run); });

    EXPECT_EQ(job(unplanned).error->code, "job.internal");
    EXPECT_EQ(job(twice).error->code, "job.internal");
}

INSTANTIATE_TEST_SUITE_P(Databases, StepsTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
