#include "engine/jobs/queue_control.h"
#include "engine/jobs/steps.h"
#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class InvariantsTest : public JobsTest {
protected:
    // "I7 and whose", of each breach.
    std::vector<std::string> breaches(Timestamp claimable_since = {}) {
        std::vector<std::string> all;
        Expected expected{.claimable_since = claimable_since};
        for (const auto& found : run(find_violations(scratch->database(), expected)))
            all.push_back(found.invariant + " " + found.subject);
        return all;
    }
    void change(std::string text) { run(change_as(std::move(text))); }
    Task<void> change_as(std::string text) {
        sql::Statement statement{"test.change", text};
        auto tx = scratch->database().begin_engine(sql::Access::write);
        co_await tx->execute(statement);
        co_await tx->commit();
    }
    void limit(std::int64_t most) { run(limit_as(most)); }
    Task<void> limit_as(std::int64_t most) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        set_share(*tx, QueueName::ai, scratch->alice().tenant(), {1, most}, clock.now());
        co_await tx->commit();
    }
    // As often as a step says that it was finished.
    void do_step(const Claimed& job, std::string input, bool recorded = true) {
        run(do_step_as(job, std::move(input), recorded));
    }
    Task<void> do_step_as(Claimed job, std::string input, bool recorded) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        hold(*tx, job.fence());
        Step step{"count", std::move(input), "{}", 1, clock.now(), clock.now(), 0};
        if (recorded) keep_step(*tx, job.tenant_id, job.id, job.generation, step);
        JsonObject data{{"event", "step_finished"}, {"step", "count"}};
        NewEvent event{clock.now(), Level::info, Source::workflow, "Counted", std::move(data)};
        append_event(*tx, job.tenant_id, job.id, event);
        co_await tx->commit();
    }
    JobId of_slot(Uuid slot) {
        clock.advance(1ms);
        auto origin = origin_of(scratch->alice());
        origin.trigger = Trigger::schedule;
        origin.correlation_id = slot;
        return run(enqueue_from(origin, scratch->alice(), {.type = "a.one"})).id;
    }
};

TEST_P(InvariantsTest, TellOfATenantThatRunsMoreThanItsLimit) {
    limit(1);
    clock.advance(2min);
    enqueue_many(scratch->alice(), "a.one", 2);
    claim(worker, 2);
    auto before = breaches();
    change("UPDATE tenant_share SET max_running = 0");

    auto found = breaches();

    EXPECT_THAT(before, IsEmpty());
    EXPECT_THAT(found, ElementsAre(fmt::format("I6 ai {}", scratch->alice().tenant().value)));
    change("UPDATE tenant_share SET max_running = 1");
}

TEST_P(InvariantsTest, LetEndWhatRanBeforeTheLimit) {
    enqueue_many(scratch->alice(), "a.one", 2);
    claim(worker, 2);

    limit(1);

    EXPECT_THAT(breaches(), IsEmpty());
}

TEST_P(InvariantsTest, TellOfAStepThatWasDoneAgain) {
    auto id = enqueue({.type = "a.one"}).id;
    auto job = claim(worker, 1).at(0);
    do_step(job, "one");
    do_step(job, "another");
    auto before = breaches();
    do_step(job, "one", false);

    auto found = breaches();

    EXPECT_THAT(before, IsEmpty());
    EXPECT_THAT(found, ElementsAre("I7 " + id.text()));
    do_step(job, "third");
    change("DELETE FROM job_event WHERE seq > 4");
}

TEST_P(InvariantsTest, TellOfTwoJobsOfOneSlot) {
    of_slot(Uuid::random());
    auto slot = Uuid::random();
    of_slot(slot);
    auto before = breaches();
    auto second = of_slot(slot);

    auto found = breaches();

    EXPECT_THAT(before, IsEmpty());
    EXPECT_THAT(found, ElementsAre("I11 " + second.text()));
    change("UPDATE job SET triggered_by = 'api'");
}

// Jobs that are ready while later ones begin (I13).
class PassedByTest : public InvariantsTest {
protected:
    // Every twenty minutes the scope asks for another job, which begins at once.
    std::vector<Claimed> let_begin(int times, const Scope& scope) {
        std::vector<Claimed> begun;
        for (int i = 0; i < times; ++i) {
            clock.advance(20min);
            auto id = enqueue_for(scope, {.type = "a.one"}).id;
            begun.push_back(claim(worker, 1).at(0));
            EXPECT_EQ(begun.back().id, id);
        }
        clock.advance(20min);
        return begun;
    }
    // While no claim sees those that are ready, as if what its worker remembers led past them.
    std::vector<Claimed> pass_by(int times) {
        change("UPDATE job_hot SET state = 'blocked' WHERE state = 'ready'");
        auto begun = let_begin(times, scratch->alice());
        change("UPDATE job_hot SET state = 'ready' WHERE state = 'blocked'");
        return begun;
    }
    void pause() { run(pause_as()); }
    Task<void> pause_as() {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        pause_tenant(*tx, QueueName::ai, scratch->alice().tenant());
        co_await tx->commit();
    }
    std::vector<std::string> breaches_now() { return breaches(clock.now() - 1min); }
};

TEST_P(PassedByTest, AreToldOfWhenThatGoesOn) {
    auto left = enqueue({.type = "a.one"}).id;
    pass_by(2);
    auto before = breaches_now();
    pass_by(1);

    EXPECT_THAT(before, IsEmpty());
    EXPECT_THAT(breaches_now(), ElementsAre("I13 " + left.text()));
}

TEST_P(PassedByTest, AreToldOfWhenTheLaterOnesHaveEnded) {
    auto left = enqueue({.type = "a.one"}).id;
    for (const auto& job : pass_by(3)) end(job);

    EXPECT_THAT(breaches_now(), ElementsAre("I13 " + left.text()));
}

TEST_P(PassedByTest, MayBeOfAPausedTenant) {
    pause();
    enqueue({.type = "a.one"});
    let_begin(3, scratch->bob());

    EXPECT_THAT(breaches_now(), IsEmpty());
}

TEST_P(PassedByTest, MayBeOfATenantAtItsLimit) {
    limit(1);
    enqueue_many(scratch->alice(), "a.one", 2);
    claim(worker, 2);
    let_begin(3, scratch->bob());

    EXPECT_THAT(breaches_now(), IsEmpty());
}

TEST_P(PassedByTest, MayBeOfATypeThatNobodyKnows) {
    enqueue({.type = "b.other"});
    let_begin(3, scratch->alice());

    EXPECT_THAT(breaches_now(), IsEmpty());
}

TEST_P(PassedByTest, MayHaveBeenWaitingForTheirTime) {
    enqueue({.type = "a.one", .run_at = clock.now() + 70min});
    let_begin(3, scratch->alice());
    change("UPDATE job_hot SET state = 'ready' WHERE state = 'scheduled'");

    EXPECT_THAT(breaches_now(), IsEmpty());
}

TEST_P(PassedByTest, MayHaveRunMeanwhile) {
    enqueue({.type = "a.one"});
    auto handed_on = claim(worker, 1).at(0);
    let_begin(3, scratch->alice());
    run(give_back(handed_back(handed_on.fence(), clock.now())));

    EXPECT_THAT(breaches_now(), IsEmpty());
}

TEST_P(PassedByTest, MayHaveComeBeforeAClockWasPutBack) {
    auto before = clock.now();
    let_begin(3, scratch->alice());
    clock.set(before);
    enqueue({.type = "a.one"});
    clock.advance(5min);

    EXPECT_THAT(breaches_now(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Databases, PassedByTest, sql::both_databases(), sql::dialect_name);
INSTANTIATE_TEST_SUITE_P(Databases, InvariantsTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
