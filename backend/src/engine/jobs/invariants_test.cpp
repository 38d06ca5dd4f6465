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
    std::vector<std::string> breaches() {
        std::vector<std::string> all;
        for (const auto& found : run(find_violations(scratch->database(), {.claimable_since = {}})))
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

INSTANTIATE_TEST_SUITE_P(Databases, InvariantsTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
