#include "engine/jobs/partitions.h"

#include "engine/jobs/id_time.h"
#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// PostgreSQL's alone. The clock stands at Sunday, 1 March 2026.
class PartitionsTest : public JobsTest {
protected:
    sql::PostgresSession owner() { return sql::PostgresSession(scratch->url()); }
    std::vector<std::string> make() {
        auto session = owner();
        return make_partitions(session, clock.now());
    }
    Dropped drop() {
        auto session = owner();
        return drop_partitions(session, clock.now() - 30 * 24h);
    }
    std::string table_of(JobId id) {
        auto session = owner();
        return *session.rows("SELECT tableoid::regclass::text FROM job WHERE id = $1", {id.text()})
                    .at(0)
                    .at(0);
    }
    JobId ended_job(Status status = Status::success) {
        auto made = enqueue({.type = "a.one"});
        end(claim(worker, 1).at(0), status);
        return made.id;
    }
    bool is_there(JobId id) {
        auto session = owner();
        auto parts = session.rows(
            "SELECT 1 FROM job WHERE id = $1 UNION ALL SELECT 1 FROM job_event WHERE job_id = $1",
            {id.text()}
        );
        return !parts.empty();
    }
    void let_a_week_pass() { clock.advance(7 * 24h); }
    // While a transaction has an ended job begin anew.
    Task<std::string> drop_during_retry(JobId id) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        co_await jobs::retry(*tx, scratch->alice(), id, doorbell, clock.now());
        std::string refusal;
        try {
            drop();
        } catch (const Error& error) {
            refusal = error.code();
        }
        co_await tx->commit();
        co_return refusal;
    }
    // A worker's turn: outcomes and the next claim in one transaction.
    Task<std::vector<Claimed>> turn(std::vector<Ending> endings) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        plan_by_index(*tx);
        complete(*tx, endings, clock.now());
        ClaimRequest request{worker, {QueueName::ai}, {"a.one"}, 30, clock.now()};
        auto claims = co_await jobs::claim(*tx, std::move(request));
        co_await tx->commit();
        co_return std::move(claims.jobs);
    }
    // How often each week's header table or its indexes were read; after the pools' sessions ended.
    std::map<std::string, int> reads() {
        scratch->reopen();
        auto session = owner();
        while (session
                   .rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND "
                         "backend_type = 'client backend' AND pid <> pg_backend_pid()")
                   .size() > 0) {
        }
        std::map<std::string, int> counts;
        for (const auto& row : session.rows(
                 "SELECT relname, seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables "
                 "WHERE relname ~ '^job_[0-9]{8}$'"
             ))
            counts[*row[0]] = std::stoi(*row[1]);
        return counts;
    }
};

TEST_P(PartitionsTest, AreMadeForThisWeekAndTheNextFour) {
    auto made = make();

    EXPECT_THAT(made, ElementsAre("20260223", "20260302", "20260309", "20260316", "20260323"));
    EXPECT_THAT(make(), IsEmpty());
}

TEST_P(PartitionsTest, TakeTheJobsOfTheirWeek) {
    make();
    auto before_midnight = clock.now() + 23h + 59min;
    clock.set(before_midnight);
    auto on_sunday = ended_job();
    clock.advance(1min);
    auto on_monday = ended_job();

    EXPECT_EQ(table_of(on_sunday), "job_20260223");
    EXPECT_EQ(table_of(on_monday), "job_20260302");
}

TEST_P(PartitionsTest, LeaveAWeekToTheDefaultThatHasBegunThere) {
    auto early = enqueue({.type = "a.one"}).id;

    auto made = make();

    EXPECT_EQ(table_of(early), "job_default");
    EXPECT_THAT(made, ElementsAre("20260302", "20260309", "20260316", "20260323"));
}

TEST_P(PartitionsTest, GoWhenEverythingInThemIsPastItsTime) {
    make();
    auto old = ended_job();
    for (int week = 0; week < 5; ++week) {
        let_a_week_pass();
        make();
    }
    auto young = ended_job();

    auto dropped = drop();

    EXPECT_THAT(dropped.weeks, ElementsAre("20260223"));
    EXPECT_FALSE(is_there(old));
    EXPECT_TRUE(is_there(young));
    EXPECT_THAT(drop().weeks, IsEmpty());
}

TEST_P(PartitionsTest, StayWhileAJobOfTheirsHasNotEnded) {
    make();
    auto waiting = enqueue({.type = "a.one", .run_at = clock.now() + 70 * 24h}).id;
    for (int week = 0; week < 6; ++week) let_a_week_pass();

    EXPECT_THAT(drop().weeks, Not(Contains("20260223")));
    EXPECT_TRUE(is_there(waiting));
}

TEST_P(PartitionsTest, StayWhileAJobOfTheirsEndedNotLongAgo) {
    make();
    auto late = enqueue({.type = "a.one"}).id;
    for (int week = 0; week < 6; ++week) let_a_week_pass();
    end(claim(worker, 1).at(0));

    auto at_once = drop().weeks;
    clock.advance(31 * 24h);
    auto afterwards = drop().weeks;

    EXPECT_THAT(at_once, Not(Contains("20260223")));
    EXPECT_THAT(afterwards, Contains("20260223"));
    EXPECT_FALSE(is_there(late));
}

TEST_P(PartitionsTest, AreNotDroppedWhileAnEndedJobBeginsAnew) {
    make();
    auto failed = ended_job(Status::failed);
    for (int week = 0; week < 6; ++week) let_a_week_pass();

    auto refusal = run(drop_during_retry(failed));

    EXPECT_THAT(refusal, HasSubstr("sql."));
    EXPECT_THAT(drop().weeks, Not(Contains("20260223")));
    EXPECT_EQ(job(failed).status, Status::queued);
}

TEST_P(PartitionsTest, LeaveTheKeysOfWhatTheyHeld) {
    types.add({.name = "a.yearly", .unique = Unique::within_period, .period = {365 * 24h}});
    make();
    auto old = enqueue({.type = "a.yearly"}).id;
    end(claim(worker, 1, {"a.yearly"}).at(0));
    for (int week = 0; week < 6; ++week) let_a_week_pass();
    drop();
    auto left = is_there(old);

    auto second = enqueue({.type = "a.yearly"});

    EXPECT_FALSE(left);
    EXPECT_EQ(second.id, old);
    EXPECT_FALSE(second.fresh);
}

TEST_P(PartitionsTest, LeaveNoOldJobInTheDefault) {
    auto old = ended_job();
    auto waiting = enqueue({.type = "a.one", .run_at = clock.now() + 70 * 24h}).id;
    clock.advance(31 * 24h);
    auto young = ended_job();

    auto dropped = drop();

    EXPECT_EQ(dropped.jobs, 1);
    EXPECT_FALSE(is_there(old));
    EXPECT_TRUE(is_there(waiting));
    EXPECT_TRUE(is_there(young));
}

TEST_P(PartitionsTest, AreLeftAloneOnceTheyAreOld) {
    for (int week = 0; week < 6; ++week) {
        make();
        for (int i = 0; i < 5; ++i) ended_job();
        let_a_week_pass();
    }
    make();
    auto before = reads();

    for (int i = 0; i < 30; ++i) enqueue({.type = "a.one"});
    auto claimed = run(turn({}));
    for (const auto& one : claimed) run(turn({Ending{one.fence()}}));
    auto page = listed({.page_size = 20, .now = clock.now()});
    auto after = reads();

    EXPECT_EQ(page.items.size(), 20U);
    // A list looks two weeks back before it looks further.
    for (const auto* week : {"job_20260223", "job_20260302", "job_20260309", "job_20260316"})
        EXPECT_EQ(after[week], before[week]) << week;
    EXPECT_GT(after["job_20260406"], before["job_20260406"]);
}

INSTANTIATE_TEST_SUITE_P(
    Databases, PartitionsTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);

TEST(LeastId, IsTheBorderBetweenIdsOfTwoTimes) {
    auto border = Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2));
    auto milliseconds = border.time_since_epoch().count();

    EXPECT_LT(Uuid::at(milliseconds - 1), least_id(border));
    EXPECT_GT(Uuid::at(milliseconds), least_id(border));
}

}  // namespace
}  // namespace afterresume::jobs
