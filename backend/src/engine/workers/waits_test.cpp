#include "engine/jobs/waiting.h"
#include "engine/workers/testing.h"

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using jobs::Extent;
using jobs::Status;
using orchestration::Run;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Number {
    std::int64_t value = 0;
};
BOOST_DESCRIBE_STRUCT(Number, (), (value))

// What the workflows below did, told by their test how to behave.
struct Script {
    std::int64_t children = 3;
    int failures_left = 0;
    Timestamp until;
};

// Has others double the numbers up to `children`, and adds them up.
class Adds : public orchestration::Workflow {
public:
    explicit Adds(Script& script) : script_(script) {}

    Task<void> start(Run& run) override {
        std::vector<jobs::Node> nodes;
        for (std::int64_t i = 1; i <= script_.children; ++i)
            nodes.push_back({{"w.doubles", jobs::payload_of(Number{i})}});
        auto ended = co_await run.wait_for("doubled", std::move(nodes));
        if (script_.failures_left-- > 0)
            throw Error(ErrorKind::unavailable, "adding.away", "Adding was away.");
        Number sum;
        for (const auto& one : ended)
            sum.value += one.result ? one.result->at("value").as_int64() : -100;
        run.conclude(sum);
    }

private:
    Script& script_;
};

class Doubles : public orchestration::WorkflowOf<Number> {
protected:
    Task<void> run(Run& run, Number number) override {
        if (number.value == 13) throw Error(ErrorKind::invalid, "unlucky", "Not this one.");
        run.conclude(Number{2 * number.value});
        co_return;
    }
};

class WaitsForItsTime : public orchestration::Workflow {
public:
    explicit WaitsForItsTime(Script& script) : script_(script) {}
    Task<void> start(Run& run) override { co_await run.wait_until(script_.until); }

private:
    Script& script_;
};

class WaitsForACall : public orchestration::Workflow {
public:
    explicit WaitsForACall(Script& script) : script_(script) {}
    Task<void> start(Run& run) override {
        auto answer = co_await run.wait_for_callback<Number>("answer", script_.until);
        run.conclude(answer.value_or(Number{-1}));
    }

private:
    Script& script_;
};

class WaitsTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        script.until = clock.now() + 1h;
        workflows.add({.name = "w.adds"}, std::make_unique<Adds>(script));
        workflows.add({.name = "w.doubles"}, std::make_unique<Doubles>());
        workflows.add({.name = "w.time"}, std::make_unique<WaitsForItsTime>(script));
        workflows.add({.name = "w.call"}, std::make_unique<WaitsForACall>(script));
        types.seal_with(jobs::PayloadSeal({std::string(32, 'a')}));
        subject = open_worker({.concurrency = 1});
    }

    bool call_back(jobs::JobId id, std::int64_t value) { return run(call_back_as(id, value)); }
    Task<bool> call_back_as(jobs::JobId id, std::int64_t value) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto taken = co_await jobs::call_back(
            *tx, scratch->alice().tenant(), id, "answer", jobs::payload_of(Number{value}),
            types.seal(), doorbell, clock.now()
        );
        co_await tx->commit();
        co_return taken;
    }

    std::int64_t value_of(jobs::JobId id) { return job(id).result->at("value").as_int64(); }

    Script script;
};

TEST_P(WaitsTest, HasOthersDoTheWorkAndHoldsNoSlotMeanwhile) {
    auto id = enqueue({.type = "w.adds"}).id;

    work();

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(value_of(id), 12);
    EXPECT_EQ(job(id).attempts, 1);
    EXPECT_THAT(told(id), ElementsAre("queued", "started", "waiting", "started", "finished"));
    auto children = listed({.type = "w.doubles"}).items;
    EXPECT_THAT(children, SizeIs(3));
    EXPECT_EQ(children.at(0).parent_id, id);
    EXPECT_EQ(children.at(0).trigger, jobs::Trigger::chain);
}

TEST_P(WaitsTest, WaitsForAThousandAsForThree) {
    script.children = 1'000;
    subject = open_worker({.concurrency = 64});
    auto id = enqueue({.type = "w.adds"}).id;

    work();

    EXPECT_EQ(value_of(id), 1'000 * 1'001 + 2 * -13 - 100);
}

TEST_P(WaitsTest, AsksForTheOthersOnceHoweverOftenItBegins) {
    script.failures_left = 1;
    auto id = enqueue({.type = "w.adds"}).id;
    work();
    clock.advance(10min);

    work();

    EXPECT_EQ(value_of(id), 12);
    EXPECT_EQ(job(id).attempts, 2);
    EXPECT_THAT(listed({.type = "w.doubles"}).items, SizeIs(3));
}

TEST_P(WaitsTest, CancelsAJobThatWaitsAtOnce) {
    auto id = enqueue({.type = "w.adds"}).id;
    run(subject->claim_once());
    while (subject->active() > 0) scratch->io().run_one();

    auto status = cancel(id, Extent::descendants);

    EXPECT_EQ(status, Status::cancelled);
    EXPECT_EQ(work(), 0U);
    EXPECT_THAT(listed({.status = Status::queued}).items, IsEmpty());
}

TEST_P(WaitsTest, BeginsAnewWithNewJobsWhenACancelledOneIsTriedAgain) {
    auto id = enqueue({.type = "w.adds"}).id;
    run(subject->claim_once());
    while (subject->active() > 0) scratch->io().run_one();
    cancel(id);

    retry(id);
    work();

    EXPECT_EQ(value_of(id), 12);
    EXPECT_THAT(listed({.type = "w.doubles"}).items, SizeIs(6));
}

TEST_P(WaitsTest, GoesOnWhenItsTimeHasCome) {
    auto id = enqueue({.type = "w.time"}).id;
    work();
    clock.advance(1h - 1ms);
    work();
    auto early = job(id).status;
    clock.advance(1ms);

    work();

    EXPECT_EQ(early, Status::queued);
    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(job(id).attempts, 1);
}

TEST_P(WaitsTest, GoesOnWhenItIsCalledBackAndTakesTheFirstAnswer) {
    auto id = enqueue({.type = "w.call"}).id;
    work();

    auto first = call_back(id, 42);
    auto second = call_back(id, 43);
    work();

    EXPECT_TRUE(first);
    EXPECT_FALSE(second);
    EXPECT_EQ(value_of(id), 42);
    EXPECT_FALSE(call_back(id, 44));
    EXPECT_THAT(
        told(id), ElementsAre("queued", "started", "waiting", "called_back", "started", "finished")
    );
}

TEST_P(WaitsTest, KeepsAnAnswerThatComesBeforeItIsAwaited) {
    auto id = enqueue({.type = "w.call"}).id;

    call_back(id, 42);
    work();

    EXPECT_EQ(value_of(id), 42);
}

TEST_P(WaitsTest, WaitsNoLongerThanItWasTold) {
    auto id = enqueue({.type = "w.call"}).id;
    work();
    clock.advance(1h);

    work();

    EXPECT_EQ(value_of(id), -1);
}

INSTANTIATE_TEST_SUITE_P(Databases, WaitsTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
