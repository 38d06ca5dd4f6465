#include "engine/schedules/testing.h"

#include "core/testing.h"

namespace afterresume::schedules {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ServiceTest : public SchedulesTest {
protected:
    SchedulePage list(Scope scope, ListSchedules query = {}) {
        auto act = [&](sql::Tx& tx) { return service.list(tx, scope, query); };
        return run(in(scope, act));
    }
    void remove(Scope scope, const Schedule& schedule, std::int64_t version) {
        auto act = [&](sql::Tx& tx) {
            return service.remove(tx, scope, schedule.id, Match{version});
        };
        run(in(scope, act));
    }
    Uuid run_now(Id<Schedule> id) {
        auto act = [&](sql::Tx& tx) { return service.run_now(tx, ada(), id); };
        return run(in(ada(), act));
    }
};

TEST_P(ServiceTest, KeepsWhatWasAskedForAndWhenItIsDue) {
    auto wanted = every_quarter("reports");
    wanted.cron = "0 9 * * MON";
    wanted.time_zone = "Europe/Berlin";
    wanted.payload = JsonObject{{"count", 3}};
    wanted.missed = Missed::skip;
    wanted.overlap = Overlap::queue_one;

    auto kept = read(create(wanted).id);

    EXPECT_EQ(kept.name, "reports");
    EXPECT_EQ(kept.payload, (JsonObject{{"count", 3}}));
    EXPECT_EQ(kept.missed, Missed::skip);
    EXPECT_EQ(kept.overlap, Overlap::queue_one);
    EXPECT_EQ(kept.next_run_at, parse_timestamp("2026-03-02T08:00:00Z"));
    EXPECT_FALSE(kept.last_run_at);
}

class SealedScheduleTest : public ServiceTest {
protected:
    void seal_with(std::vector<char> letters) {
        std::vector<std::string> keys;
        for (auto letter : letters) keys.emplace_back(32, letter);
        types.seal_with(jobs::PayloadSeal(std::move(keys)));
    }
    Schedule create_with_count(std::int64_t count) {
        auto wanted = every_quarter();
        wanted.payload = JsonObject{{"count", count}};
        return create(wanted);
    }
    std::string kept(Id<Schedule> id) { return run(read_kept(id)); }
    Task<std::string> read_kept(Id<Schedule> id) {
        static constexpr sql::Statement statement{
            "test.kept", "SELECT CAST(payload AS text) FROM schedule WHERE id = :id"
        };
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto text = co_await tx->one<std::string>(statement, sql::named("id", id));
        co_return text;
    }
    std::string given(Uuid job) { return run(read_given(job)); }
    Task<std::string> read_given(Uuid job) {
        static constexpr sql::Statement statement{
            "test.given", "SELECT payload FROM job WHERE id = :id"
        };
        auto tx = scratch->database().begin_engine(sql::Access::read);
        auto text = co_await tx->one<std::string>(statement, sql::named("id", job));
        co_return types.seal().open(ada().tenant(), job, text);
    }
};

TEST_P(SealedScheduleTest, KeepsNoPayloadThatTheDatabaseCanTell) {
    seal_with({'a'});
    auto schedule = create_with_count(424242);
    auto made = kept(schedule.id);

    EditSchedule change;
    change.payload = {JsonObject{{"count", 434343}}};
    auto edited = edit(schedule, change);

    EXPECT_THAT(made, testing::Not(testing::HasSubstr("count")));
    EXPECT_THAT(kept(schedule.id), testing::Not(testing::HasSubstr("count")));
    EXPECT_EQ(edited.payload, (JsonObject{{"count", 434343}}));
    EXPECT_EQ(read(schedule.id).payload, edited.payload);
    EXPECT_EQ(list(ada()).items.at(0).payload, edited.payload);
}

TEST_P(SealedScheduleTest, GivesItsJobsWhatWasAskedForUnderAFormerKeyToo) {
    seal_with({'a'});
    auto schedule = create_with_count(424242);
    seal_with({'b', 'a'});

    auto by_hand = run_now(schedule.id);
    end(by_hand);
    clock.advance(15min);
    fire();

    auto fired = history(schedule.id).at(0).job_id;
    EXPECT_EQ(given(by_hand), R"({"count":424242})");
    EXPECT_EQ(given(fired.value()), R"({"count":424242})");
}

TEST_P(SealedScheduleTest, IsPausedWhenItsKeyIsGone) {
    seal_with({'a'});
    auto schedule = create_with_count(424242);
    seal_with({'b'});
    clock.advance(15min);

    fire();

    // Only who can read it is told.
    EXPECT_THROW(read(schedule.id), Error);
    seal_with({'a'});
    EXPECT_FALSE(read(schedule.id).enabled);
    EXPECT_EQ(history(schedule.id).at(0).reason, "job.unreadable_payload");
}

TEST_P(SealedScheduleTest, ReadsWhatWasKeptBeforeThereWasAKey) {
    auto schedule = create_with_count(424242);

    seal_with({'a'});

    EXPECT_EQ(read(schedule.id).payload, (JsonObject{{"count", 424242}}));
}

TEST_P(ServiceTest, RefusesWhatNoScheduleCanBe) {
    auto with = [](auto change) {
        auto wanted = every_quarter();
        change(wanted);
        return wanted;
    };
    auto refused = [&](auto change) { return code_of([&] { create(with(change)); }); };

    EXPECT_EQ(refused([](auto& it) { it.cron = "61 * * * *"; }), "schedule.bad_cron");
    EXPECT_EQ(refused([](auto& it) { it.cron = "0 0 31 2 *"; }), "schedule.never");
    EXPECT_EQ(refused([](auto& it) { it.time_zone = "Mars/Base"; }), "schedule.unknown_time_zone");
    EXPECT_EQ(refused([](auto& it) { it.job_type = "a.hidden"; }), "schedule.not_schedulable");
    EXPECT_EQ(refused([](auto& it) { it.job_type = "a.ghost"; }), "schedule.not_schedulable");
    EXPECT_EQ(refused([](auto& it) { it.payload = JsonObject{{"cuont", 1}}; }), "request.invalid");
    EXPECT_THAT(list(ada()).items, IsEmpty());
}

TEST_P(ServiceTest, SaysWhereAPayloadIsWrong) {
    auto wanted = every_quarter();
    wanted.payload = JsonObject{{"count", "three"}};
    try {
        create(wanted);
        FAIL();
    } catch (const Error& error) {
        ASSERT_THAT(error.fields(), SizeIs(1));
        EXPECT_EQ(error.fields()[0].pointer, "/payload/count");
    }
}

TEST_P(ServiceTest, GivesNoTwoOfAUserOneName) {
    auto first = create(every_quarter("one"));
    create(every_quarter("two"));
    EditSchedule change;
    change.name = {"two"};

    EXPECT_EQ(code_of([&] { create(every_quarter("one")); }), "schedule.name_taken");
    EXPECT_EQ(code_of([&] { edit(first, change); }), "schedule.name_taken");
    EXPECT_EQ(create_as(bob(), every_quarter("one")).name, "one");
}

TEST_P(ServiceTest, GivesAUserSoManyAndNoMore) {
    for (int i = 0; i < most_of_a_user; ++i) create(every_quarter(std::to_string(i)));

    EXPECT_EQ(code_of([&] { create(every_quarter("more")); }), "schedule.too_many");
}

TEST_P(ServiceTest, ListsInPages) {
    for (const auto* name : {"a", "b", "c"}) create(every_quarter(name));

    auto first = list(ada(), {2, std::nullopt});
    auto second = list(ada(), {2, first.next_cursor});

    EXPECT_THAT(first.items, SizeIs(2));
    ASSERT_THAT(second.items, SizeIs(1));
    EXPECT_EQ(second.items[0].name, "c");
    EXPECT_FALSE(second.next_cursor);
    EXPECT_EQ(code_of([&] { list(ada(), {2, "x"}); }), "request.bad_cursor");
}

TEST_P(ServiceTest, ShowsNobodyWhatIsAnothers) {
    auto schedule = create(every_quarter());
    auto reads = [&](sql::Tx& tx) { return service.get(tx, bob(), schedule.id); };
    auto pauses = [&](sql::Tx& tx) { return service.pause(tx, bob(), schedule.id); };
    auto runs = [&](sql::Tx& tx) { return service.run_now(tx, bob(), schedule.id); };
    auto looks_back = [&](sql::Tx& tx) { return service.history(tx, bob(), schedule.id, {}); };

    EXPECT_THAT(list(bob()).items, IsEmpty());
    EXPECT_EQ(code_of([&] { run(in(bob(), reads)); }), "request.not_found");
    EXPECT_EQ(code_of([&] { run(in(bob(), pauses)); }), "request.not_found");
    EXPECT_EQ(code_of([&] { run(in(bob(), runs)); }), "request.not_found");
    EXPECT_EQ(code_of([&] { run(in(bob(), looks_back)); }), "request.not_found");
    EXPECT_EQ(code_of([&] { remove(bob(), schedule, 1); }), "request.not_found");
}

TEST_P(ServiceTest, ChangesOnlyWhatTheWriterHasSeen) {
    auto schedule = create(every_quarter());
    EditSchedule change;
    change.cron = {"@daily"};

    auto changed = edit(schedule, change);

    EXPECT_EQ(changed.next_run_at, parse_timestamp("2026-03-02T00:00:00Z"));
    EXPECT_EQ(code_of([&] { edit(schedule, change); }), "request.changed_meanwhile");
    EXPECT_EQ(code_of([&] { remove(ada(), schedule, 1); }), "request.changed_meanwhile");
}

TEST_P(ServiceTest, KeepsTheNextSlotWhenOnlyTheNameChanges) {
    auto schedule = create(every_quarter());
    clock.advance(14min);
    EditSchedule change;
    change.name = {"other"};

    EXPECT_EQ(edit(schedule, change).next_run_at, schedule.next_run_at);
}

TEST_P(ServiceTest, RemovesAScheduleWithItsHistory) {
    auto schedule = create(every_quarter());
    auto begun = run_now(schedule.id);

    remove(ada(), schedule, read(schedule.id).version);

    EXPECT_EQ(code_of([&] { read(schedule.id); }), "request.not_found");
    EXPECT_EQ(job(begun).status, jobs::Status::queued);
}

TEST_P(ServiceTest, RunsAtOnceWhenAskedAndKeepsItsTime) {
    auto schedule = create(every_quarter());

    auto id = run_now(schedule.id);

    EXPECT_EQ(job(id).trigger, jobs::Trigger::api);
    auto decisions = history(schedule.id);
    ASSERT_THAT(decisions, SizeIs(1));
    EXPECT_TRUE(decisions[0].by_hand);
    EXPECT_EQ(read(schedule.id).next_run_at, schedule.next_run_at);
    clock.advance(1s);
    EXPECT_EQ(code_of([&] { run_now(schedule.id); }), "schedule.still_running");
}

TEST_P(ServiceTest, WakesTheSchedulerWhenATimeHasMoved) {
    int rings = 0;
    bell.listen(this, [&](const auto&) { ++rings; });

    auto schedule = create(every_quarter());
    pause(schedule.id);
    pause(schedule.id);
    resume(schedule.id);

    EXPECT_EQ(rings, 3);
}

INSTANTIATE_TEST_SUITE_P(Databases, SealedScheduleTest, sql::both_databases(), sql::dialect_name);
INSTANTIATE_TEST_SUITE_P(Databases, ServiceTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::schedules
