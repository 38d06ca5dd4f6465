#include "engine/workers/testing.h"

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using jobs::JobView;
using jobs::Status;

class OneLine : public orchestration::Workflow {
public:
    Task<void> start(orchestration::Run&) override { co_return; }
};

class RescueByWorkersTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        workflows.add({.name = "b.one"}, std::make_unique<OneLine>());
        subject = open_worker();
    }
    // No end of a job of this tenant can be written: its count would fall below zero.
    void count_running(TenantId tenant, std::int64_t running) {
        run(count_running_as(tenant, running));
    }
    Task<void> count_running_as(TenantId tenant, std::int64_t running) {
        static constexpr sql::Statement statement{
            "test.count", "UPDATE tenant_queue SET running = :running WHERE tenant_id = :tenant_id"
        };
        auto tx = scratch->database().begin_engine(sql::Access::write);
        co_await tx->execute(
            statement, sql::named("running", running), sql::named("tenant_id", tenant)
        );
        co_await tx->commit();
    }
    JobView his(jobs::JobId id) { return run(job_as(scratch->bob(), id)); }
};

TEST_P(RescueByWorkersTest, GoesPastAJobThatCannotBeWritten) {
    auto poisoned = enqueue_for(scratch->bob(), {.type = "a.one"}).id;
    auto sound = enqueue({.type = "a.one"}).id;
    claim(worker, 2);
    count_running(scratch->bob().tenant(), 0);
    let_lease_end(worker);

    run(subject->rescue_once());
    auto later = enqueue({.type = "a.alone"}).id;
    claim(other_worker, 2);
    let_lease_end(other_worker);
    run(subject->rescue_once());

    EXPECT_EQ(job(sound).status, Status::queued);
    EXPECT_EQ(job(later).status, Status::queued);
    EXPECT_EQ(his(poisoned).status, Status::running);
    count_running(scratch->bob().tenant(), 1);
    run(open_worker()->rescue_once());
    EXPECT_EQ(his(poisoned).status, Status::queued);
}

TEST_P(RescueByWorkersTest, DoesAJobOnRequestThatWasTooLate) {
    auto late = enqueue({.type = "b.one", .deadline = clock.now() + 1min}).id;
    clock.advance(2min);
    run(subject->rescue_once());
    auto before = job(late).status;
    retry(late);

    work();

    EXPECT_EQ(before, Status::failed);
    EXPECT_EQ(job(late).status, Status::success);
}

INSTANTIATE_TEST_SUITE_P(Databases, RescueByWorkersTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
