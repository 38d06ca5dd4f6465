#include "engine/jobs/testing.h"

#include <boost/asio/co_spawn.hpp>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class EdgesTest : public JobsTest {
protected:
    JobId a_job() { return enqueue({.type = "a.one"}).id; }
    JobId after(std::vector<JobId> parents, OnFailure on_failure = OnFailure::fail) {
        NewJob job{"a.one"};
        for (const auto& parent : parents) job.after.push_back({parent, on_failure});
        return enqueue(std::move(job)).id;
    }
    // Claims that one, which must be the only one that is ready.
    Claimed claim_only(JobId id) {
        auto claimed = claim(worker, 10);
        EXPECT_THAT(claimed, SizeIs(1));
        EXPECT_EQ(claimed.at(0).id, id);
        return claimed.at(0);
    }
    std::vector<Claimed> claim_after_rest(std::int64_t at_once) {
        auto jobs = claim(worker, at_once);
        if (!jobs.empty()) return jobs;
        resolve();
        return claim(worker, at_once);
    }
    void work_off(std::int64_t at_once) {
        for (auto jobs = claim(worker, at_once); !jobs.empty(); jobs = claim_after_rest(at_once)) {
            std::vector<Ending> endings;
            for (const auto& job : jobs) endings.push_back({job.fence(), Status::success});
            run(end_all(std::move(endings)));
            done += jobs.size();
        }
    }
    std::vector<JobId> enqueue_nodes(std::vector<Node> nodes) {
        return run(enqueue_nodes_as(std::move(nodes), origin_of(scratch->alice())));
    }
    Task<std::vector<JobId>> enqueue_nodes_as(std::vector<Node> nodes, Origin origin) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto ids = queue.enqueue_all(*tx, origin, std::move(nodes));
        co_await tx->commit();
        co_return ids;
    }
    // Enqueues a child of a job that ends, by another transaction, before this one commits: unless
    // it has to wait for that.
    Task<void> end_while_linking(Claimed parent) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        NewJob job{"a.one"};
        job.after.push_back({parent.id});
        co_await queue.enqueue(*tx, origin_of(scratch->alice()), std::move(job));
        std::vector<Ending> endings{{parent.fence(), Status::success}};
        boost::asio::co_spawn(
            scratch->io(), end_all(std::move(endings)),
            [this](std::exception_ptr failure) { parent_ended = !failure; }
        );
        while (!parent_ended && co_await tx->one<std::int64_t>(count_waiting) == 0) {
        }
        co_await tx->commit();
    }
    static constexpr sql::Statement count_waiting{
        "test.count_waiting", "SELECT count(*) AS count FROM pg_locks WHERE NOT granted"
    };
    // Both end while neither can see the other's end.
    Task<void> end_overlapping(Claimed first, Claimed second) {
        auto one = scratch->database().begin_engine(sql::Access::write);
        complete(*one, {Ending{first.fence()}}, clock.now());
        co_await one->execute(look);
        auto other = scratch->database().begin_engine(sql::Access::write);
        complete(*other, {Ending{second.fence()}}, clock.now());
        co_await other->execute(look);
        co_await other->commit();
        co_await one->commit();
    }
    static constexpr sql::Statement look{"test.look", "SELECT 1 AS one"};
    Task<std::size_t> unresolved_now() {
        static constexpr sql::Statement statement{
            "test.unresolved", "SELECT job_id FROM job_unresolved"
        };
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto ids = co_await tx->all<Uuid>(statement);
        co_return ids.size();
    }

    std::size_t done = 0;
    bool parent_ended = false;
};

// What SQLite's one writer cannot meet.
class EdgesOnPostgresTest : public EdgesTest {};

// Ready when all its parents are done (I10).
TEST_P(EdgesTest, BeginsAJobWhenAllItsParentsHaveSucceeded) {
    auto first = a_job();
    auto second = a_job();
    auto child = after({first, second});

    auto both = claim(worker, 10);
    end(both.at(0));
    auto too_early = claim(worker, 10);
    end(both.at(1));

    EXPECT_THAT(both, SizeIs(2));
    EXPECT_THAT(too_early, IsEmpty());
    EXPECT_EQ(job(child).status, Status::queued);
    end(claim_only(child));
    EXPECT_THAT(claim(worker, 10), IsEmpty());
    EXPECT_EQ(run(unresolved_now()), 0U);
}

TEST_P(EdgesTest, BeginsAtOnceWhenItsParentsHaveEndedBefore) {
    auto parent = a_job();
    end(claim_only(parent));

    auto child = after({parent});

    claim_only(child);
}

// Ready once (I10).
TEST_P(EdgesTest, ChildrenOfBothParentsOfADiamondMeetOnce) {
    auto top = a_job();
    auto left = after({top});
    auto right = after({top});
    auto bottom = after({left, right});

    end(claim_only(top));
    run(end_all({Ending{claim(worker, 1).at(0).fence()}, Ending{claim(worker, 1).at(0).fence()}}));

    claim_only(bottom);
}

TEST_P(EdgesTest, KeepsARunTimeThatIsLaterThanTheParentsEnd) {
    auto parent = a_job();
    NewJob later{"a.one"};
    later.after.push_back({parent});
    later.run_at = clock.now() + 1h;
    auto child = enqueue(std::move(later)).id;
    end(claim_only(parent));

    auto early = claim(worker, 1);
    clock.advance(1h);

    EXPECT_THAT(early, IsEmpty());
    claim_only(child);
}

TEST_P(EdgesTest, FailsWhatNeededAJobThatFailedAndWhatNeededThat) {
    auto parent = a_job();
    auto child = after({parent});
    auto grandchild = after({child});
    end(claim_only(parent), Status::failed);

    resolve();

    EXPECT_EQ(job(child).status, Status::failed);
    EXPECT_EQ(job(child).error->code, "job.parent_failed");
    EXPECT_EQ(job(grandchild).status, Status::failed);
    EXPECT_EQ(run(unresolved_now()), 0U);
}

TEST_P(EdgesTest, CancelsOrRunsAChildOfAFailedJobWhenThatWasAskedFor) {
    auto parent = a_job();
    auto cancelled = after({parent}, OnFailure::cancel);
    auto anyway = after({parent}, OnFailure::run);

    end(claim_only(parent), Status::failed);
    resolve();

    EXPECT_EQ(job(cancelled).status, Status::cancelled);
    claim_only(anyway);
}

TEST_P(EdgesTest, FailsAChildOfAJobThatHadFailedBefore) {
    auto parent = a_job();
    end(claim_only(parent), Status::failed);
    auto child = after({parent});

    resolve();

    EXPECT_EQ(job(child).status, Status::failed);
}

TEST_P(EdgesTest, LeavesACancelledChildAloneWhenItsParentEnds) {
    auto parent = a_job();
    auto child = after({parent});
    cancel(child);

    end(claim_only(parent));

    EXPECT_EQ(job(child).status, Status::cancelled);
    EXPECT_THAT(claim(worker, 10), IsEmpty());
    EXPECT_EQ(run(unresolved_now()), 0U);
}

TEST_P(EdgesTest, BlocksAChildThatIsTriedAgainBeforeItsParentHasEnded) {
    auto parent = a_job();
    auto child = after({parent});
    cancel(child);

    retry(child);

    end(claim_only(parent));
    claim_only(child);
}

TEST_P(EdgesOnPostgresTest, KeepsAParentFromEndingPastAChildThatIsBeingMade) {
    auto parent = claim_only(a_job());

    run(end_while_linking(parent));
    scratch->io().restart();
    while (!parent_ended) scratch->io().run_one();

    EXPECT_THAT(claim(worker, 10), SizeIs(1));
}

// Ready whoever ends last (I10).
TEST_P(EdgesOnPostgresTest, ForgetsNoParentOfTwoThatEndAtTheSameMoment) {
    auto in_another_queue = enqueue({.type = "a.quick"}).id;
    auto child = after({a_job(), in_another_queue});
    auto both = claim(worker, 10, {"a.one", "a.quick"});

    run(end_overlapping(both.at(0), both.at(1)));

    claim_only(child);
}

TEST_P(EdgesTest, NamesItsFirstParentAndTheirCommonRoot) {
    auto top = a_job();
    auto middle = after({top});

    auto bottom = after({middle});

    EXPECT_EQ(job(middle).parent_id, top);
    EXPECT_EQ(job(bottom).parent_id, middle);
}

TEST_P(EdgesTest, KnowsNoParentOfAnotherTenant) {
    auto foreign = a_job();
    NewJob child{"a.one"};
    child.after.push_back({foreign});

    EXPECT_THROW(enqueue_for(scratch->bob(), child), Error);
}

// Ready when all of very many are done (I10).
TEST_P(EdgesTest, FansOutToTenThousandAndInToOne) {
    constexpr std::size_t wide = 10'000;
    std::vector<Node> nodes{{{"a.one"}}};
    std::vector<std::size_t> middle;
    for (std::size_t i = 1; i <= wide; ++i) {
        nodes.push_back({{"a.one"}, {0}});
        middle.push_back(i);
    }
    nodes.push_back({{"a.one"}, middle});
    auto ids = enqueue_nodes(std::move(nodes));
    end(claim_only(ids.front()));

    work_off(1'000);

    EXPECT_EQ(done, wide + 1);
    EXPECT_EQ(job(ids.back()).status, Status::success);
    EXPECT_EQ(run(unresolved_now()), 0U);
}

TEST_P(EdgesTest, CancelsAllThatAJobLedTo) {
    auto root = a_job();
    auto running = after({root});
    auto blocked = after({running});
    end(claim_only(root));
    auto claimed = claim_only(running);

    auto status = cancel(root, Extent::descendants);

    EXPECT_EQ(status, Status::success);
    EXPECT_EQ(job(blocked).status, Status::cancelled);
    EXPECT_THAT(told(running), ElementsAre("queued", "started", "cancel_requested"));
    end(claimed, Status::cancelled);
}

TEST_P(EdgesTest, CancelsMoreDescendantsThanOneTransactionTakes) {
    auto root = a_job();
    std::vector<Node> many(1'200, {{"a.one"}});
    auto origin = origin_of(scratch->alice());
    origin.parent = root;
    run(enqueue_nodes_as(many, origin));

    cancel(root, Extent::descendants);
    auto at_once = listed({.status = Status::queued, .page_size = 100}).items.size();
    resolve();

    EXPECT_EQ(at_once, 100U);
    EXPECT_THAT(listed({.status = Status::queued}).items, IsEmpty());
    EXPECT_EQ(run(unresolved_now()), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Databases, EdgesOnPostgresTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);
INSTANTIATE_TEST_SUITE_P(Databases, EdgesTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
