#include "engine/jobs/operation.h"

#include "core/program.h"
#include "engine/jobs/steps.h"
#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OperationTest : public JobsTest {
protected:
    template <class Act>
    std::invoke_result_t<Act&, sql::Tx&> in_engine(Act act) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto pending = act(*tx);
        if constexpr (std::is_same_v<decltype(pending), Task<void>>) {
            co_await std::move(pending);
            co_await tx->commit();
        } else {
            auto value = co_await std::move(pending);
            co_await tx->commit();
            co_return value;
        }
    }
    JobId enqueue_for(const Scope& scope, std::string type) {
        auto act = [&](sql::Tx& tx) {
            return queue.enqueue(tx, origin_of(scope), {.type = std::move(type)});
        };
        return run(in_engine(act)).id;
    }
    std::vector<JobId> found(const OperationFilter& filter) {
        auto page = run(in_engine([&](sql::Tx& tx) { return list_all_jobs(tx, filter); }));
        std::vector<JobId> ids;
        for (const auto& job : page.items) ids.push_back(job.id);
        return ids;
    }
    OperatedJob operated(JobId id) {
        return run(in_engine([&](sql::Tx& tx) { return get_any_job(tx, id); }));
    }
    // One step done, the next under way.
    Task<void> work_on(Claimed job) {
        auto tx = scratch->database().begin(scratch->bob(), sql::Access::write);
        hold(*tx, job.fence());
        auto tell = [&](std::string event, std::string step) {
            JsonObject data{{"event", std::move(event)}, {"step", std::move(step)}};
            append_event(
                *tx, job.tenant_id, job.id,
                {clock.now(), Level::info, Source::workflow, "What only Bob may read",
                 std::move(data)}
            );
        };
        tell("step_started", "read");
        tell("step_finished", "read");
        Step step{"read", "input", "{}", 1, clock.now(), clock.now(), 25};
        keep_step(*tx, job.tenant_id, job.id, job.generation, step);
        tell("step_started", "think");
        co_await tx->commit();
    }
    std::vector<StepView> operated_steps(JobId id) {
        auto shown = operated(id);
        return run(in_engine([&](sql::Tx& tx) { return list_any_steps(tx, types, shown); }));
    }
};

TEST_P(OperationTest, ListsTheJobsOfAllTenantsOrOfOne) {
    auto of_alice = enqueue_for(scratch->alice(), "a.one");
    clock.advance(1ms);
    auto of_bob = enqueue_for(scratch->bob(), "a.one");

    EXPECT_THAT(found({}), ElementsAre(of_bob, of_alice));
    EXPECT_THAT(found({.tenant = scratch->alice().tenant()}), ElementsAre(of_alice));
}

TEST_P(OperationTest, FindsJobsByTheirStatusTypeAndQueue) {
    auto ended = enqueue_for(scratch->alice(), "a.one");
    end(claim(worker, 1).at(0), Status::failed);
    auto running = enqueue_for(scratch->alice(), "a.one");
    claim(worker, 1);
    clock.advance(1ms);
    auto waiting = enqueue_for(scratch->alice(), "a.unique");

    EXPECT_THAT(found({.status = Status::failed}), ElementsAre(ended));
    EXPECT_THAT(found({.status = Status::running}), ElementsAre(running));
    EXPECT_THAT(found({.status = Status::queued}), ElementsAre(waiting));
    EXPECT_THAT(found({.type = "a.unique"}), ElementsAre(waiting));
    EXPECT_THAT(found({.status = Status::queued, .type = "a.one"}), IsEmpty());
    EXPECT_THAT(found({.queue = QueueName::delivery}), IsEmpty());
    EXPECT_EQ(operated(running).worker_id, worker);
    EXPECT_EQ(operated(waiting).state, State::ready);
}

TEST_P(OperationTest, FindsUnfinishedJobsByTheirState) {
    enqueue_for(scratch->alice(), "a.one");
    end(claim(worker, 1).at(0));
    auto running = enqueue_for(scratch->alice(), "a.one");
    claim(worker, 1);
    auto ready = enqueue_for(scratch->bob(), "a.one");

    EXPECT_THAT(found({.state = State::ready}), ElementsAre(ready));
    EXPECT_THAT(found({.state = State::running}), ElementsAre(running));
    EXPECT_THAT(found({.state = State::blocked}), IsEmpty());
    EXPECT_THAT(found({.status = Status::queued, .state = State::ready}), ElementsAre(ready));
    EXPECT_THAT(found({.status = Status::success, .state = State::ready}), IsEmpty());
}

TEST_P(OperationTest, FindsJobsByTheirAge) {
    auto old = enqueue_for(scratch->alice(), "a.one");
    end(claim(worker, 1).at(0));
    clock.advance(1h);
    auto middle = enqueue_for(scratch->alice(), "a.one");
    auto since = clock.now();
    clock.advance(1h);
    auto young = enqueue_for(scratch->bob(), "a.one");
    auto then = clock.now();

    EXPECT_THAT(found({.to = since}), ElementsAre(old));
    EXPECT_THAT(found({.from = since}), ElementsAre(young, middle));
    EXPECT_THAT(found({.from = since, .to = then}), ElementsAre(middle));
    EXPECT_THAT(found({.status = Status::queued, .to = then}), ElementsAre(middle));
    EXPECT_THAT(found({.to = then, .cursor = middle.text()}), ElementsAre(old));
}

TEST_P(OperationTest, GoesOnFromPageToPage) {
    for (int i = 0; i < 3; ++i) {
        enqueue_for(scratch->alice(), "a.one");
        clock.advance(1ms);
    }
    auto all = found({});

    auto first = run(in_engine([](sql::Tx& tx) { return list_all_jobs(tx, {.page_size = 2}); }));
    auto rest = found({.cursor = first.next_cursor});

    EXPECT_THAT(first.items, SizeIs(2));
    EXPECT_THAT(rest, ElementsAre(all.at(2)));
    EXPECT_THROW(found({.cursor = "nonsense"}), Error);
}

TEST_P(OperationTest, TellsWhatHappenedWithoutATextOfAnybody) {
    auto id = enqueue_for(scratch->alice(), "a.one");
    auto job = claim(worker, 1).at(0);
    Failure failure{FailureKind::permanent, "a.secret_kept", "What only Alice may read"};
    run(end_all({Ending{job.fence(), Status::failed, std::nullopt, failure}}));

    auto shown = operated(id);
    auto events = run(in_engine([&](sql::Tx& tx) { return list_any_events(tx, id, 0, 10); }));

    EXPECT_EQ(shown.error_kind, FailureKind::permanent);
    EXPECT_EQ(shown.error_code, "a.secret_kept");
    ASSERT_THAT(events, SizeIs(3));
    EXPECT_EQ(events.at(0).event, "queued");
    EXPECT_EQ(events.at(1).event, "started");
    EXPECT_EQ(events.at(2).event, "finished");
    EXPECT_THAT(
        describe::to_json(shown) + describe::to_json(events),
        testing::Not(testing::HasSubstr("only Alice"))
    );
}

TEST_P(OperationTest, TellsWhatAJobIsExpectedToCost) {
    auto id = enqueue_for(scratch->bob(), "a.heavy");

    auto all = run(in_engine([](sql::Tx& tx) { return list_all_jobs(tx, {}); }));
    auto queued =
        run(in_engine([](sql::Tx& tx) { return list_all_jobs(tx, {.status = Status::queued}); }));

    EXPECT_EQ(operated(id).estimated_cost, 50'000);
    EXPECT_EQ(all.items.at(0).estimated_cost, 50'000);
    EXPECT_EQ(queued.items.at(0).estimated_cost, 50'000);
}

TEST_P(OperationTest, ShowsTheStepsOfAnyJobAsItsRequesterSeesThem) {
    types.add({.name = "a.long", .steps = {"read", "think", "write"}});
    auto id = enqueue_for(scratch->bob(), "a.long");
    run(work_on(claim(worker, 1, {"a.long"}).at(0)));

    auto shown = operated_steps(id);

    std::vector<std::string> seen;
    for (const auto& step : shown)
        seen.push_back(fmt::format("{} {}", step.name, describe::name_of(step.status)));
    EXPECT_THAT(seen, ElementsAre("read finished", "think running", "write planned"));
    EXPECT_EQ(shown.at(0).cost, 25);
    auto own = run(job_as(scratch->bob(), id)).steps;
    EXPECT_EQ(describe::to_json(shown), describe::to_json(own));
    EXPECT_THAT(describe::to_json(shown), testing::Not(testing::HasSubstr("only Bob")));
}

TEST_P(OperationTest, CancelsAndTriesAgainForWhomeverItIs) {
    auto id = enqueue_for(scratch->bob(), "a.one");
    auto act = [&](sql::Tx& tx) { return cancel_any(tx, id, cancels, clock.now()); };

    EXPECT_EQ(run(in_engine(act)), Status::cancelled);
    run(in_engine([&](sql::Tx& tx) { return retry_any(tx, id, doorbell, clock.now()); }));

    EXPECT_EQ(operated(id).status, Status::queued);
    EXPECT_EQ(operated(id).generation, 2);
    EXPECT_THROW(operated(Uuid::random()), Error);
}

TEST_P(OperationTest, RingsForARunningJobThatItCancels) {
    int rings = 0;
    cancels.listen(this, [&](const auto&) { ++rings; });
    auto id = enqueue_for(scratch->bob(), "a.one");
    claim(worker, 1);

    run(in_engine([&](sql::Tx& tx) { return cancel_any(tx, id, cancels, clock.now()); }));

    EXPECT_EQ(rings, 1);
}

TEST_P(OperationTest, ShowsTheWorkersThatLiveOrWhoseJobsAreNotTakenBack) {
    enqueue_for(scratch->alice(), "a.one");
    claim(worker, 1);
    auto workers = run(in_engine([](sql::Tx& tx) { return list_workers(tx); }));

    ASSERT_THAT(workers, SizeIs(2));
    auto running = workers.at(0).id == worker ? workers.at(0) : workers.at(1);
    EXPECT_EQ(running.running, 1);
    EXPECT_FALSE(running.died_at);
    EXPECT_EQ(running.version, program_version);
}

TEST_P(OperationTest, CountsWhatWaitsAndWhatBecameOfTheRest) {
    enqueue_for(scratch->alice(), "a.one");
    end(claim(worker, 1).at(0), Status::failed);
    clock.advance(1h);
    auto since = clock.now();
    enqueue_for(scratch->alice(), "a.one");
    end(claim(worker, 1).at(0));
    enqueue_for(scratch->bob(), "a.one");
    enqueue_for(scratch->alice(), "a.one");

    auto depths = run(in_engine([](sql::Tx& tx) { return list_depths(tx); }));
    auto tallies = run(in_engine([&](sql::Tx& tx) { return tally_since(tx, since); }));

    EXPECT_EQ(
        describe::to_json(depths),
        R"([{"queue":"ai","state":"ready","jobs":2,"oldest":"2026-03-01T01:00:00.000Z"}])"
    );
    EXPECT_EQ(
        describe::to_json(tallies),
        R"([{"type":"a.one","status":"queued","jobs":2},{"type":"a.one","status":"success","jobs":1}])"
    );
}

INSTANTIATE_TEST_SUITE_P(Databases, OperationTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
