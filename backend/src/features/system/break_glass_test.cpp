#include "embedded/migrations.h"
#include "engine/inspect.h"
#include "features/system/repository.h"
#include "infra/sql/testing.h"

#include <gmock/gmock.h>

namespace afterresume::system {
namespace {

using namespace std::chrono_literals;

constexpr UserId grace{7};
constexpr UserId heidi{8};

class BreakGlassTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        home.emplace(GetParam(), embedded::migrations());
        types.add({.name = "a.one"});
    }
    template <class Act>
    std::invoke_result_t<Act&, sql::Tx&> committed(Act act) {
        auto tx = home->database().begin_engine(sql::Access::write);
        auto value = co_await act(*tx);
        co_await tx->commit();
        co_return value;
    }
    BreakGlass glass_of(UserId by, TenantId tenant) {
        BreakGlass glass;
        glass.id = {++last};
        glass.tenant_id = tenant;
        glass.operator_id = by;
        glass.reason = "They asked why it failed";
        glass.opened_at = clock.now();
        glass.expires_at = clock.now() + 1h;
        return glass;
    }
    bool open(const BreakGlass& glass) {
        return home->run(committed([&](sql::Tx& tx) { return rows.insert_break_glass(tx, glass); })
        );
    }
    Task<bool> ended(BreakGlass glass) {
        auto tx = home->database().begin_engine(sql::Access::write);
        glass.ended_at = clock.now();
        rows.end_break_glass(*tx, glass);
        co_await tx->commit();
        co_return true;
    }
    jobs::JobId job_of(const Scope& scope) {
        auto enqueue = [&](sql::Tx& tx) {
            return queue.enqueue(
                tx, jobs::origin_of(scope), {.type = "a.one", .payload = R"({"word":"plover"})"}
            );
        };
        return home->run(committed(enqueue)).id;
    }
    std::optional<KeptContent> content(const BreakGlass& glass, jobs::JobId job) {
        return home->run(committed([&](sql::Tx& tx) {
            return rows.find_content(tx, glass, job, clock.now());
        }));
    }
    std::optional<BreakGlass> found(Id<BreakGlass> id) {
        return home->run(committed([&](sql::Tx& tx) { return rows.find_break_glass(tx, id); }));
    }

    std::int64_t last = 0;
    ManualClock clock{Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1))};
    jobs::JobTypes types;
    jobs::Doorbell doorbell;
    jobs::Queue queue{types, clock, doorbell};
    Repository rows;
    std::optional<sql::ScratchDatabase> home;
};

INSTANTIATE_TEST_SUITE_P(Databases, BreakGlassTest, sql::both_databases(), sql::dialect_name);

TEST_P(BreakGlassTest, IsOpenOnceForAnOperatorAndATenant) {
    auto alices = home->alice().tenant();

    EXPECT_TRUE(open(glass_of(grace, alices)));
    EXPECT_FALSE(open(glass_of(grace, alices)));
    EXPECT_TRUE(open(glass_of(heidi, alices)));
    EXPECT_TRUE(open(glass_of(grace, home->bob().tenant())));
}

TEST_P(BreakGlassTest, IsOpenedAnewWhenItsTimeIsOver) {
    auto first = glass_of(grace, home->alice().tenant());
    open(first);
    clock.advance(1h);

    auto again = open(glass_of(grace, home->alice().tenant()));

    EXPECT_TRUE(again);
    EXPECT_EQ(found(first.id)->ended_at, first.expires_at);
    EXPECT_EQ(found(first.id)->ended_by, std::nullopt);
}

TEST_P(BreakGlassTest, ShowsTheJobsOfItsTenantAlone) {
    auto of_alice = job_of(home->alice());
    auto of_bob = job_of(home->bob());
    auto glass = glass_of(grace, home->alice().tenant());
    open(glass);

    auto seen = content(glass, of_alice);

    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->payload.at("word"), Json("plover"));
    EXPECT_FALSE(content(glass, of_bob));
}

TEST_P(BreakGlassTest, ShowsNothingFromItsLastInstantOn) {
    auto job = job_of(home->alice());
    auto glass = glass_of(grace, home->alice().tenant());
    open(glass);

    clock.advance(1h - 1ms);
    auto before = content(glass, job);
    clock.advance(1ms);

    EXPECT_TRUE(before);
    EXPECT_FALSE(content(glass, job));
}

TEST_P(BreakGlassTest, ShowsNothingOnceItIsEnded) {
    auto job = job_of(home->alice());
    auto glass = glass_of(grace, home->alice().tenant());
    open(glass);

    home->run(ended(glass));

    EXPECT_FALSE(content(glass, job));
}

}  // namespace
}  // namespace afterresume::system
