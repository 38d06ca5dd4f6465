#include "engine/jobs/retention.h"

#include "engine/jobs/testing.h"

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;

class RetentionTest : public JobsTest {
protected:
    std::int64_t remove(std::int64_t most = 100) { return run(remove_as(most)); }
    Task<std::int64_t> remove_as(std::int64_t most) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        auto removed = co_await remove_ended(*tx, clock.now() - 30 * 24h, most);
        co_await tx->commit();
        co_return removed;
    }
    JobId ended_job() {
        auto made = enqueue({.type = "a.one"});
        end(claim(worker, 1).at(0));
        return made.id;
    }
};

TEST_P(RetentionTest, RemovesOnlyWhatEndedLongAgo) {
    auto old = ended_job();
    auto waiting = enqueue({.type = "a.one", .run_at = clock.now() + 90 * 24h}).id;
    auto late = enqueue({.type = "a.one"}).id;
    clock.advance(31 * 24h);
    end(claim(worker, 1).at(0));

    EXPECT_EQ(remove(), 1);

    EXPECT_THROW(job(old), Error);
    EXPECT_EQ(job(waiting).status, Status::queued);
    EXPECT_EQ(job(late).status, Status::success);
    EXPECT_EQ(remove(), 0);
}

TEST_P(RetentionTest, TakesSmallBites) {
    for (int i = 0; i < 3; ++i) ended_job();
    clock.advance(31 * 24h);

    EXPECT_EQ(remove(2), 2);
    EXPECT_EQ(remove(2), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Databases, RetentionTest, testing::Values(sql::Dialect::sqlite), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::jobs
