// In which order tenants are looked at where there are many, and how few that takes.
#include "engine/jobs/queue_control.h"
#include "engine/jobs/testing.h"

#include <map>

namespace afterresume::jobs {
namespace {

using testing::_;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

constexpr std::int64_t first_tenant = 100;
constexpr int tenants = 40;
constexpr std::int64_t last_tenant = first_tenant + tenants - 1;
constexpr TenantId last{last_tenant};

class TurnsTest : public JobsTest {
protected:
    // Each of the tenants has so many.
    void fill(std::size_t jobs, int of = tenants) {
        for (auto tenant = first_tenant; tenant < first_tenant + of; ++tenant)
            enqueue_many(owner_of(tenant), "a.one", jobs);
    }
    // One by one, from where the claims before have come.
    std::map<TenantId, int> work_off(int claims, Look look = Look::onward) {
        std::map<TenantId, int> got;
        for (int i = 0; i < claims; ++i) {
            for (const auto& job : run(claim_by(look, 1))) {
                ++got[job.tenant_id];
                end(job);
            }
        }
        return got;
    }
    // Half by a pause and half by their limits.
    Task<void> stop_all_but_the_last() {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        for (auto tenant = first_tenant; tenant < last_tenant; ++tenant) {
            if (tenant % 2 == 0)
                pause_tenant(*tx, QueueName::ai, TenantId{tenant});
            else
                set_share(*tx, QueueName::ai, TenantId{tenant}, {1, 0}, clock.now());
        }
        co_await tx->commit();
    }
};

// Nobody who is ready waits for ever (I13).
TEST_P(TurnsTest, ServeEachOfManyTenantsOnceBeforeAnyTwice) {
    fill(3);
    auto first = work_off(1, Look::everywhere);

    auto others = work_off(tenants - 1);
    auto once_more = work_off(tenants);

    others.merge(first);
    EXPECT_THAT(others, SizeIs(tenants));
    EXPECT_THAT(once_more, AllOf(SizeIs(tenants), Each(Pair(_, 1))));
}

TEST_P(TurnsTest, GiveEachOfManyTenantsOneOfAsManyJobs) {
    constexpr int more = 150;
    fill(2, more);
    run(claim_by(Look::everywhere, more));

    std::map<TenantId, int> got;
    for (const auto& job : run(claim_by(Look::onward, more))) ++got[job.tenant_id];

    EXPECT_THAT(got, AllOf(SizeIs(more), Each(Pair(_, 1))));
}

TEST_P(TurnsTest, ComeToTheLastTenantPastManyThatHaveNothingLeft) {
    fill(1);
    work_off(1, Look::everywhere);
    work_off(tenants - 1);
    enqueue_many(owner_of(last_tenant), "a.one", 2);

    EXPECT_THAT(work_off(2), ElementsAre(Pair(last, 2)));
}

TEST_P(TurnsTest, ComeToTheLastTenantPastManyThatMayRunNothing) {
    fill(2);
    work_off(1, Look::everywhere);
    run(stop_all_but_the_last());

    EXPECT_THAT(work_off(2), ElementsAre(Pair(last, 2)));
}

class ManyTurnsTest : public TurnsTest {
protected:
    Task<std::size_t> look_on(std::int64_t enough) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto where = places[worker].to_look_at(Look::onward);
        auto seen = co_await look(*tx, {{QueueName::ai}, {"a.one"}, std::move(where), 4, enough});
        co_await tx->commit();
        co_return seen.size();
    }
};

TEST_P(ManyTurnsTest, TakeALookAtNoMoreTenantsThanAreEnough) {
    fill(1);
    work_off(1, Look::everywhere);

    EXPECT_EQ(run(look_on(8)), 8U);
    EXPECT_EQ(run(look_on(tenants)), static_cast<std::size_t>(tenants - 1));
}

INSTANTIATE_TEST_SUITE_P(Databases, TurnsTest, sql::both_databases(), sql::dialect_name);
INSTANTIATE_TEST_SUITE_P(
    Databases, ManyTurnsTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::jobs
