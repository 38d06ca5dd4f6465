#include "engine/jobs/operation.h"
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
