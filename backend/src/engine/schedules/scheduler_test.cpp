#include "engine/schedules/scheduler.h"

#include "engine/schedules/testing.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::schedules {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class SchedulerTest : public SchedulesTest {
protected:
    void SetUp() override {
        SchedulesTest::SetUp();
        if (IsSkipped()) return;
        clock.set(SystemClock().now());
        scheduler.emplace(
            Parts{
                scratch->io(), scratch->database(), types, queue, rights, bell, cancels,
                system_clock, log
            },
            std::vector<BuiltIn>{{"a.hidden", "@monthly"}}
        );
    }

    // The next slot is that long from now.
    void move(Id<Schedule> id, std::chrono::milliseconds by) { run(move_as(id, by)); }
    Task<void> move_as(Id<Schedule> id, std::chrono::milliseconds by) {
        static constexpr sql::Statement statement{
            "test.move", "UPDATE schedule SET next_run_at = :at WHERE id = :id"
        };
        auto tx = scratch->database().begin_engine(sql::Access::write);
        tx->defer(statement, sql::named("id", id), sql::named("at", system_clock.now() + by));
        co_await tx->commit();
    }
    // Lives until a job was asked for; how long that took.
    Task<std::chrono::milliseconds> live(std::function<void()> meanwhile) {
        auto begun = std::chrono::steady_clock::now();
        boost::asio::steady_timer fired(scratch->io(), 30s);
        doorbell.listen(this, [&](const auto&) { fired.cancel(); });
        boost::asio::co_spawn(scratch->io(), scheduler->run(), boost::asio::detached);
        boost::asio::post(scratch->io(), std::move(meanwhile));
        boost::system::error_code ignored;
        co_await fired.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        doorbell.forget(this);
        co_await scheduler->stop();
        co_return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begun
        );
    }

    SystemClock system_clock;
    std::optional<Scheduler> scheduler;
};

class SchedulerOnPostgresTest : public SchedulerTest {};

TEST_P(SchedulerTest, FiresASlotWhenItsTimeComes) {
    auto schedule = create(every_quarter());
    move(schedule.id, 200ms);

    auto took = run(live([] {}));

    EXPECT_GE(took, 150ms);
    EXPECT_LT(took, 10s);
    EXPECT_THAT(history(schedule.id), ElementsAre(Field(&Decision::outcome, Outcome::fired)));
}

TEST_P(SchedulerTest, HearsOfAScheduleThatWasMadeWhileItSlept) {
    auto schedule = create(every_quarter());
    auto change = [&] {
        boost::asio::co_spawn(
            scratch->io(), move_as(schedule.id, 50ms), [this](std::exception_ptr) { bell.ring(); }
        );
    };

    auto took = run(live(change));

    EXPECT_LT(took, 10s);
    EXPECT_THAT(history(schedule.id), ElementsAre(Field(&Decision::outcome, Outcome::fired)));
}

TEST_P(SchedulerTest, SaysHowLongNothingIsDue) {
    auto schedule = create(every_quarter());
    move(schedule.id, 5s);

    auto turn = run(scheduler->turn());

    EXPECT_EQ(turn.fired, 0U);
    EXPECT_GT(turn.idle, 3s);
    EXPECT_LE(turn.idle, 5s);
}

// No slot is fired by a clock that is wrong (I11).
TEST_P(SchedulerOnPostgresTest, FiresNothingWhileTheClocksDiffer) {
    auto schedule = create(every_quarter());
    move(schedule.id, -1s);
    ManualClock slow(system_clock.now() - 31s);
    Scheduler other(
        {scratch->io(), scratch->database(), types, queue, rights, bell, cancels, slow, log}, {}
    );

    auto there = run(other.turn());
    auto nothing = history(schedule.id);
    auto here = run(scheduler->turn());

    EXPECT_EQ(there.fired, 0U);
    EXPECT_THAT(nothing, IsEmpty());
    EXPECT_EQ(here.fired, 1U);
}

INSTANTIATE_TEST_SUITE_P(Databases, SchedulerTest, sql::both_databases(), sql::dialect_name);
INSTANTIATE_TEST_SUITE_P(
    Databases, SchedulerOnPostgresTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::schedules
