#include "engine/workers/testing.h"
#include "infra/sql/postgres_session.h"

#include <boost/asio/co_spawn.hpp>

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using jobs::Status;
using testing::ElementsAre;

struct NoArgs {};
BOOST_DESCRIBE_STRUCT(NoArgs, (), ())

// Does in its one run what the test says.
class Doing : public orchestration::WorkflowOf<NoArgs> {
public:
    explicit Doing(std::function<Task<void>()>& what) : what_(what) {}

protected:
    Task<void> run(orchestration::Run& run, NoArgs) override {
        co_await what_();
        run.check();
    }

private:
    std::function<Task<void>()>& what_;
};

class HeartbeatTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        workflows.add({.name = "b.doing"}, std::make_unique<Doing>(during));
        Options options;
        options.lease = 1s;
        options.beat = 200ms;
        options.longest_silence = 2s;
        // On SQLite the lease is trusted for good: it would never be by this.
        options.margin = GetParam() == sql::Dialect::sqlite ? 1s : 200ms;
        auto beaten = parts();
        if (GetParam() == sql::Dialect::postgres)
            beaten.open_for_beat = [this](auto& io) { return scratch->open_on(io); };
        subject = std::make_unique<Worker>(beaten, options);
        run(subject->open());
        boost::asio::co_spawn(scratch->io(), subject->run(), [](std::exception_ptr) {});
    }
    void TearDown() override {
        if (subject) run(subject->stop(1s));
        WorkersTest::TearDown();
    }
    bool has_ended(jobs::JobId id) {
        auto status = job(id).status;
        return status != Status::queued && status != Status::running;
    }
    jobs::JobId work_on(std::function<Task<void>()> what) {
        during = std::move(what);
        auto id = enqueue({.type = "b.doing"}).id;
        while (!has_ended(id)) scratch->io().run_one();
        return id;
    }
    void expect_done_at_once(jobs::JobId id) {
        EXPECT_EQ(job(id).status, Status::success);
        EXPECT_THAT(told(id), ElementsAre("queued", "started", "finished"));
    }

    std::function<Task<void>()> during;
};

// Leases run on the database's clock, which goes on by itself.
class HeartbeatOnPostgresTest : public HeartbeatTest {
protected:
    // Returns when the lease that the worker has now would be over.
    static constexpr std::string_view outlast =
        "SELECT pg_sleep_until(lease_until + interval '0.1 s') FROM worker WHERE id = $1";

    Task<void> block_the_thread() {
        sql::PostgresSession session(scratch->url());
        session.rows(std::string(outlast), {subject->id().text()});
        co_await rescue_as({});
    }
    // Until another process finds the lease over, and takes the worker for dead.
    Task<void> hang() {
        constexpr std::string_view until_buried =
            "DO $$ BEGIN FOR i IN 1..3000 LOOP "
            "UPDATE worker SET died_at = clock_timestamp() "
            "WHERE id = '{}' AND lease_until < clock_timestamp(); "
            "IF FOUND THEN RETURN; END IF; COMMIT; PERFORM pg_sleep(0.01); END LOOP; END $$";
        sql::PostgresSession session(scratch->url());
        session.execute(fmt::format(until_buried, subject->id().text()));
        co_await rescue_as({});
    }
    Task<void> take_every_connection() {
        static constexpr sql::Statement any{"test.any", "SELECT 1"};
        static constexpr sql::Statement sleep{
            "test.outlast",
            "SELECT pg_sleep_until(lease_until + interval '0.1 s')::text FROM worker WHERE id = :id"
        };
        std::vector<std::unique_ptr<sql::Tx>> taken;
        for (int i = 0; i < 2; ++i) {
            taken.push_back(scratch->database().begin_engine(sql::Access::write));
            co_await taken.back()->one<std::int64_t>(any);
        }
        co_await taken.back()->one<std::string>(sleep, sql::named("id", subject->id()));
        auto other = scratch->database().begin_engine(sql::Access::read);
        living = co_await other->one<std::int64_t>(is_living, sql::named("id", subject->id()));
    }
    Task<void> bury(Uuid id) {
        auto tx = scratch->database().begin_engine(sql::Access::write);
        jobs::sign_off(*tx, id, clock.now());
        co_await tx->commit();
    }
    static constexpr sql::Statement is_living{
        "test.is_living",
        "SELECT count(*) FROM worker WHERE id = :id AND lease_until > clock_timestamp()"
    };

    std::int64_t living = 0;
};

class HeartbeatOnSqliteTest : public HeartbeatTest {
protected:
    Task<void> be_late() {
        clock.advance(1h);
        co_await subject->rescue_once();
    }
};

TEST_P(HeartbeatOnPostgresTest, GoesOnWhileTheThreadOfTheWorkerIsBlocked) {
    auto before = subject->id();

    auto id = work_on([this] { return block_the_thread(); });

    expect_done_at_once(id);
    EXPECT_EQ(subject->id(), before);
}

// Whose job was taken has no authority over it (I1).
TEST_P(HeartbeatOnPostgresTest, LeavesTheJobsToOthersWhereTheThreadOfTheWorkerHangs) {
    auto before = subject->id();
    int runs = 0;

    auto id = work_on([&]() -> Task<void> {
        if (++runs == 1) co_await hang();
    });

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_THAT(told(id), ElementsAre("queued", "started", "rescued", "started", "finished"));
    EXPECT_NE(subject->id(), before);
}

TEST_P(HeartbeatOnPostgresTest, GoesOnWhileEveryConnectionIsTaken) {
    auto before = subject->id();

    auto id = work_on([this] { return take_every_connection(); });

    EXPECT_EQ(living, 1);
    expect_done_at_once(id);
    EXPECT_EQ(subject->id(), before);
}

TEST_P(HeartbeatOnPostgresTest, TellsTheWorkerThatItWasDeclaredDeadAndBeginsAnew) {
    auto before = subject->id();

    run(bury(before));
    while (subject->id() == before) scratch->io().run_one();
    auto id = work_on([]() -> Task<void> { co_return; });

    expect_done_at_once(id);
}

TEST_P(HeartbeatOnSqliteTest, MayBeLateWhereNobodyElseIsThere) {
    auto before = subject->id();

    auto id = work_on([this] { return be_late(); });

    expect_done_at_once(id);
    EXPECT_EQ(subject->id(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Databases, HeartbeatOnPostgresTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);
INSTANTIATE_TEST_SUITE_P(
    Databases, HeartbeatOnSqliteTest, testing::Values(sql::Dialect::sqlite), sql::dialect_name
);

}  // namespace
}  // namespace afterresume::workers
