#include "engine/schedules/testing.h"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace afterresume::schedules {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

auto decided(Outcome outcome) { return Field(&Decision::outcome, outcome); }

class FiringTest : public SchedulesTest {
protected:
    // Lets the quarter pass.
    void tick() {
        clock.advance(15min);
        fire();
    }
    Schedule with(Overlap overlap) {
        auto wanted = every_quarter();
        wanted.overlap = overlap;
        return create(wanted);
    }
    void put(const char* column, std::string value) { run(put_as(column, std::move(value))); }
    Task<void> put_as(std::string column, std::string value) {
        auto text = fmt::format("UPDATE schedule SET {} = :value", column);
        sql::Statement statement{"test.put", text};
        auto tx = scratch->database().begin_engine(sql::Access::write);
        co_await tx->execute(statement, sql::named("value", value));
        co_await tx->commit();
    }
    Task<int> fire_all(Firing& one) {
        int fired = 0;
        while (co_await one.fire_one(clock.now())) ++fired;
        co_return fired;
    }
    Task<int> fire_on_two_nodes() {
        using namespace boost::asio::experimental::awaitable_operators;
        Firing other(scratch->database(), types, queue, cancels, rights, log);
        auto [here, there] = co_await (fire_all(*firing) && fire_all(other));
        co_return here + there;
    }
    Task<bool> fire_while_edited(Id<Schedule> id) {
        auto tx = scratch->database().begin(ada(), sql::Access::write);
        EditSchedule change;
        change.cron = {"0 12 * * *"};
        co_await service.edit(*tx, ada(), id, Match{}, change);
        auto meanwhile = co_await firing->fire_one(clock.now());
        co_await tx->commit();
        co_return meanwhile;
    }
};

// What SQLite's one writer cannot meet.
class FiringOnPostgresTest : public FiringTest {};

TEST_P(FiringTest, TurnsASlotIntoAJobAndMovesOn) {
    auto wanted = every_quarter();
    wanted.payload = JsonObject{{"count", 7}};
    auto schedule = create(wanted);

    auto early = fire();
    clock.advance(15min + 200ms);
    auto due = fire();

    EXPECT_EQ(early, 0);
    EXPECT_EQ(due, 1);
    auto after = read(schedule.id);
    EXPECT_EQ(after.last_run_at, clock.now());
    EXPECT_EQ(after.next_run_at, *schedule.next_run_at + 15min);
    auto decisions = history(schedule.id);
    ASSERT_THAT(decisions, ElementsAre(decided(Outcome::fired)));
    EXPECT_EQ(decisions[0].slot, *schedule.next_run_at);
    auto made = job(*decisions[0].job_id);
    EXPECT_EQ(made.type, "a.one");
    EXPECT_EQ(made.trigger, jobs::Trigger::schedule);
}

// A slot has one job (I11).
TEST_P(FiringTest, FiresEachSlotOnceOnTwoNodes) {
    std::vector<Schedule> made;
    for (int i = 0; i < 12; ++i) made.push_back(create(every_quarter(std::to_string(i))));
    clock.advance(15min);

    auto decisions = run(fire_on_two_nodes());

    EXPECT_EQ(decisions, 12);
    EXPECT_EQ(jobs_made(), 12U);
    for (const auto& schedule : made)
        EXPECT_THAT(history(schedule.id), ElementsAre(decided(Outcome::fired)));
}

// A slot has one job whatever the clock says (I11).
TEST_P(FiringTest, RepeatsNothingWhenTheClockIsPutBack) {
    auto schedule = create(every_quarter());
    tick();
    clock.advance(-5min);
    EXPECT_EQ(fire(), 0);
    // A change by then has the same slot come due again.
    EditSchedule change;
    change.cron = {"0,15,30,45 * * * *"};
    edit(read(schedule.id), change);
    clock.advance(5min);

    fire();

    EXPECT_THAT(history(schedule.id), SizeIs(1));
    EXPECT_EQ(jobs_made(), 1U);
    EXPECT_EQ(read(schedule.id).next_run_at, clock.now() + 15min);
}

TEST_P(FiringTest, MakesUpForASilenceAsToldTo) {
    auto wanted = every_quarter("skip");
    wanted.missed = Missed::skip;
    auto skip = create(wanted);
    wanted = every_quarter("once");
    wanted.missed = Missed::once;
    auto once = create(wanted);
    wanted = every_quarter("backfill");
    wanted.missed = Missed::backfill;
    wanted.overlap = Overlap::allow;
    auto backfill = create(wanted);

    clock.advance(6h + 5min);
    fire();

    auto of_skip = history(skip.id);
    ASSERT_THAT(of_skip, ElementsAre(decided(Outcome::missed)));
    EXPECT_EQ(of_skip[0].slots, 24);
    EXPECT_THAT(history(once.id), ElementsAre(decided(Outcome::fired), decided(Outcome::missed)));
    EXPECT_THAT(history(backfill.id), SizeIs(24));
    EXPECT_EQ(jobs_made(), 25U);
    for (auto id : {skip.id, once.id, backfill.id})
        EXPECT_EQ(read(id).next_run_at, clock.now() + 10min);
}

TEST_P(FiringTest, LetsJobsOverlapWhenAllowed) {
    with(Overlap::allow);
    tick();
    tick();

    EXPECT_EQ(jobs_made(), 2U);
}

TEST_P(FiringTest, SkipsASlotWhileTheLastJobGoesOn) {
    auto schedule = with(Overlap::skip);
    tick();
    begin(*history(schedule.id)[0].job_id);
    tick();
    end(*history(schedule.id)[1].job_id);
    tick();

    EXPECT_THAT(
        history(schedule.id),
        ElementsAre(decided(Outcome::fired), decided(Outcome::skipped), decided(Outcome::fired))
    );
}

TEST_P(FiringTest, LetsOneJobWaitBehindTheRunningOne) {
    auto schedule = with(Overlap::queue_one);
    tick();
    begin(*history(schedule.id)[0].job_id);
    tick();
    tick();

    EXPECT_THAT(
        history(schedule.id),
        ElementsAre(decided(Outcome::skipped), decided(Outcome::fired), decided(Outcome::fired))
    );
}

TEST_P(FiringTest, CancelsTheOldJobWhenTold) {
    auto schedule = with(Overlap::cancel_old);
    tick();
    tick();

    auto decisions = history(schedule.id);
    ASSERT_THAT(decisions, SizeIs(2));
    EXPECT_EQ(job(*decisions[1].job_id).status, jobs::Status::cancelled);
    EXPECT_EQ(job(*decisions[0].job_id).status, jobs::Status::queued);
}

TEST_P(FiringTest, RingsForTheOldJobThatRuns) {
    int rings = 0;
    cancels.listen(this, [&](const auto&) { ++rings; });
    auto schedule = with(Overlap::cancel_old);
    tick();
    auto before = rings;
    begin(*history(schedule.id).at(0).job_id);
    tick();

    EXPECT_EQ(before, 0);
    EXPECT_EQ(rings, 1);
}

TEST_P(FiringTest, JoinsTheWaitingJobOfAUniqueType) {
    auto wanted = every_quarter();
    wanted.job_type = "a.unique";
    wanted.overlap = Overlap::allow;
    auto schedule = create(wanted);
    tick();
    tick();

    auto decisions = history(schedule.id);
    ASSERT_THAT(decisions, SizeIs(2));
    EXPECT_EQ(decisions[0].job_id, decisions[1].job_id);
}

TEST_P(FiringTest, LeavesAPausedScheduleAloneAndMissesNothing) {
    auto schedule = create(every_quarter());
    pause(schedule.id);
    clock.advance(6h + 1min);

    auto while_paused = fire();
    auto resumed = resume(schedule.id);

    EXPECT_EQ(while_paused, 0);
    EXPECT_EQ(fire(), 0);
    EXPECT_EQ(resumed.next_run_at, clock.now() + 14min);
    EXPECT_THAT(history(schedule.id), IsEmpty());
}

TEST_P(FiringTest, RefusesASlotWhoseOwnerIsGone) {
    auto schedule = create(every_quarter());
    rights.roles.erase(11);
    tick();
    rights.roles[11] = Role::read_only;
    tick();
    rights.roles[11] = Role::member;
    tick();

    auto decisions = history(schedule.id);
    ASSERT_THAT(
        decisions,
        ElementsAre(decided(Outcome::fired), decided(Outcome::refused), decided(Outcome::refused))
    );
    EXPECT_EQ(decisions[2].reason, "schedule.permission_lost");
    EXPECT_EQ(jobs_made(), 1U);
}

TEST_P(FiringTest, PausesWhatCannotBeReadAndGoesOn) {
    auto broken = create(every_quarter("broken"));
    put("time_zone", "Mars/Base");
    auto good = create(every_quarter("good"));
    tick();

    EXPECT_FALSE(read(broken.id).enabled);
    auto decisions = history(broken.id);
    ASSERT_THAT(decisions, ElementsAre(decided(Outcome::refused)));
    EXPECT_EQ(decisions[0].reason, "schedule.unknown_time_zone");
    EXPECT_THAT(history(good.id), ElementsAre(decided(Outcome::fired)));
}

// The slot stays for whoever knows the type (I11).
TEST_P(FiringTest, LeavesTypesItDoesNotKnowToOthers) {
    auto schedule = create(every_quarter());
    put("job_type", "a.newer");
    clock.advance(15min);

    EXPECT_EQ(fire(), 0);
    EXPECT_FALSE(run(firing->look(clock.now())).next);
    EXPECT_TRUE(read(schedule.id).enabled);
}

TEST_P(FiringTest, TellsWhenTheNextSlotIsDue) {
    auto nothing = run(firing->look(clock.now()));
    auto schedule = create(every_quarter());
    auto something = run(firing->look(clock.now()));

    EXPECT_FALSE(nothing.next);
    EXPECT_EQ(something.next, schedule.next_run_at);
}

TEST_P(FiringOnPostgresTest, DecidesByWhatIsCommittedWhenTheRowIsFree) {
    auto schedule = create(every_quarter());
    clock.advance(15min);

    auto meanwhile = run(fire_while_edited(schedule.id));

    EXPECT_FALSE(meanwhile);
    EXPECT_EQ(fire(), 0);
    EXPECT_THAT(history(schedule.id), IsEmpty());
}

class BuiltInTest : public SchedulesTest {
protected:
    void install(std::vector<BuiltIn> list) { run(install_as(std::move(list))); }
    Task<void> install_as(std::vector<BuiltIn> list) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        co_await schedules::install(*tx, std::move(list), clock.now());
        co_await tx->commit();
    }
    std::vector<OwnedSchedule> own() { return run(own_rows()); }
    Task<std::vector<OwnedSchedule>> own_rows() {
        static constexpr sql::Statement statement{
            "test.own", "SELECT * FROM schedule WHERE tenant_id = 0 ORDER BY name"
        };
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto rows = co_await tx->all<OwnedSchedule>(statement);
        co_return rows;
    }
};

TEST_P(BuiltInTest, IsThereOnceHoweverOftenTheProgramStarts) {
    install({{"a.hidden", "30 3 * * *"}});
    clock.advance(1h);
    install({{"a.hidden", "30 3 * * *"}});

    auto rows = own();
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0].version, 1);
    EXPECT_EQ(rows[0].next_run_at, clock.now() + 2h + 30min);
}

TEST_P(BuiltInTest, TakesOnTheRhythmOfANewVersion) {
    install({{"a.hidden", "30 3 * * *"}});
    install({{"a.hidden", "30 4 * * *"}});

    EXPECT_EQ(own().at(0).next_run_at, clock.now() + 4h + 30min);
}

TEST_P(BuiltInTest, RunsForTheProgramItself) {
    install({{"a.hidden", "@hourly"}});
    clock.advance(1h);

    EXPECT_EQ(fire(), 1);
    EXPECT_EQ(own().at(0).last_run_at, clock.now());
    EXPECT_EQ(jobs_made(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Databases, FiringTest, sql::both_databases(), sql::dialect_name);
INSTANTIATE_TEST_SUITE_P(
    Databases, FiringOnPostgresTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);
INSTANTIATE_TEST_SUITE_P(Databases, BuiltInTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::schedules
