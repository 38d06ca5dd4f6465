#include "engine/workers/testing.h"
#include "infra/sql/testing_tx.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::workers {
namespace {

using jobs::Status;
using orchestration::Run;
using testing::ElementsAre;

struct Done {
    std::int64_t attempt = 0;
};
BOOST_DESCRIBE_STRUCT(Done, (), (attempt))

// Crashes when it is asked to put a claim on disk, which others have seen by then.
class Forgetful : public sql::PassingDatabase {
public:
    using PassingDatabase::PassingDatabase;

    std::unique_ptr<sql::Tx> begin_engine(sql::Access access) override {
        auto tx = PassingDatabase::begin_engine(access);
        return std::make_unique<CrashingTx>(std::move(tx), *this);
    }

    // Done once, in place of a flush.
    std::function<Task<void>()> crash;

private:
    class CrashingTx : public sql::PassingTx {
    public:
        CrashingTx(std::unique_ptr<sql::Tx> inner, Forgetful& database)
            : PassingTx(std::move(inner)), database_(database) {}

        Task<void> flush() override {
            co_await PassingTx::flush();
            if (!database_.crash) co_return;
            co_await std::exchange(database_.crash, {})();
            throw Error(ErrorKind::unavailable, "sql.away", "The database has crashed.");
        }

    private:
        Forgetful& database_;
    };
};

struct Script {
    std::vector<std::string> did;
    std::function<Task<void>()> in_step;
};

class OneStep : public orchestration::Workflow {
public:
    explicit OneStep(Script& script) : script_(script) {}

    orchestration::Plan steps() const override { return {{.name = "call"}}; }

    Task<void> start(Run& run) override {
        script_.did.emplace_back("began");
        auto done = co_await run.step<Done>("call", Done{}, [this](const Done& given) {
            return called(given);
        });
        script_.did.emplace_back("kept");
        run.conclude(done);
    }

private:
    Task<Done> called(Done given) {
        script_.did.emplace_back("called");
        if (script_.in_step) co_await std::exchange(script_.in_step, {})();
        co_return given;
    }

    Script& script_;
};

class UndoneClaimsTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        workflows.add({.name = "b.one_step"}, std::make_unique<OneStep>(script));
        forgetful = std::make_unique<Forgetful>(scratch->database());
        subject = std::make_unique<Worker>(
            Parts{
                scratch->io(), *forgetful, workflows, rights, doorbell, pool, clock, log, &metrics
            },
            Options{}
        );
        run(subject->open());
    }
    Task<void> until(std::function<bool()> reached) {
        while (!reached()) co_await boost::asio::post(scratch->io(), boost::asio::use_awaitable);
    }

    Task<void> undo_claim_once_called() {
        static constexpr sql::Statement forget_job{"test.forget_job", R"sql(
            UPDATE job_hot SET state = 'ready', worker_id = NULL, lease_seq = lease_seq - 1, attempts = attempts - 1,
                               event_seq = event_seq - 1, started_at = NULL)sql"};
        static constexpr sql::Statement forget_place{
            "test.forget_place", "UPDATE tenant_queue SET running = running - 1"
        };
        co_await until([this] { return script.did.size() == 2; });
        auto tx = scratch->database().begin_engine(sql::Access::write);
        tx->defer(forget_job);
        tx->defer(forget_place);
        co_await tx->commit();
    }

    Script script;
    // Only then does the call of the first attempt return.
    bool crash_known = false;
    std::unique_ptr<Forgetful> forgetful;
};

// What was undone gives no authority (I1).
TEST_P(UndoneClaimsTest, LeaveNothingOfTheAttemptThatHadBegun) {
    auto id = enqueue({.type = "b.one_step"}).id;
    script.in_step = [this] { return until([this] { return crash_known; }); };
    forgetful->crash = [this] { return undo_claim_once_called(); };
    EXPECT_THROW(work(), Error);
    EXPECT_EQ(job(id).status, Status::queued);

    crash_known = true;
    work();

    EXPECT_EQ(job(id).status, Status::success);
    EXPECT_EQ(job(id).attempts, 1);
    EXPECT_THAT(script.did, ElementsAre("began", "called", "began", "called", "kept"));
}

INSTANTIATE_TEST_SUITE_P(Databases, UndoneClaimsTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
