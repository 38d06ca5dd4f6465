#include "engine/workers/testing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using jobs::Status;
using orchestration::Run;

namespace asio = boost::asio;

struct Done {
    std::int64_t done = 1;
};
BOOST_DESCRIBE_STRUCT(Done, (), (done))

struct Script {
    std::function<void()> during;
};

class OneStep : public orchestration::Workflow {
public:
    explicit OneStep(Script& script) : script_(script) {}

    orchestration::Plan steps() const override { return {{.name = "do"}}; }

    Task<void> start(Run& run) override {
        auto done = co_await run.step<Done>("do", Done{}, [this](const Done& given) {
            if (script_.during) std::exchange(script_.during, {})();
            return given;
        });
        run.conclude(done);
    }

private:
    Script& script_;
};

class PausesTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        workflows.add({.name = "b.one_step"}, std::make_unique<OneStep>(script));
        auto given = parts();
        given.is_paused = [this] { return asked_whether_paused(); };
        subject = std::make_unique<Worker>(given, Options{.concurrency = 1, .longest_poll = 20ms});
        run(subject->open());
    }
    Task<bool> asked_whether_paused() {
        ++asked;
        co_return paused;
    }
    jobs::JobId ask() { return enqueue({.type = "b.one_step"}).id; }
    Task<void> until(std::function<bool()> reached) {
        while (!reached()) co_await asio::post(scratch->io(), asio::use_awaitable);
    }
    Task<void> until_done(jobs::JobId id) {
        auto view = co_await job_as(scratch->alice(), id);
        while (view.status != Status::success) view = co_await job_as(scratch->alice(), id);
    }

    Script script;
    bool paused = true;
    int asked = 0;
};

TEST_P(PausesTest, BeginNothingAndLoseNothing) {
    auto id = ask();

    auto meanwhile = work();
    auto found = job(id);
    paused = false;
    auto afterwards = work();

    EXPECT_EQ(meanwhile, 0U);
    EXPECT_EQ(found.status, Status::queued);
    EXPECT_EQ(found.attempts, 0);
    EXPECT_EQ(afterwards, 1U);
    EXPECT_EQ(job(id).status, Status::success);
}

TEST_P(PausesTest, LetWhatRunsEndAndWriteItsOutcome) {
    paused = false;
    script.during = [this] { paused = true; };
    auto running = ask();
    auto next = ask();

    auto meanwhile = work();

    EXPECT_EQ(meanwhile, 1U);
    EXPECT_EQ(job(running).status, Status::success);
    EXPECT_EQ(job(next).status, Status::queued);
    paused = false;
    EXPECT_EQ(work(), 1U);
    EXPECT_EQ(job(next).status, Status::success);
}

// A worker that was not woken finds out by itself (I13).
TEST_P(PausesTest, EndByThemselves) {
    bool stopped = false;
    auto id = ask();
    asio::co_spawn(scratch->io(), subject->run(), [&](auto&&...) { stopped = true; });
    run(until([&] { return asked > 3; }));
    auto meanwhile = job(id).status;

    paused = false;
    run(until_done(id));
    run(subject->stop(1s));
    run(until([&] { return stopped; }));

    EXPECT_EQ(meanwhile, Status::queued);
}

INSTANTIATE_TEST_SUITE_P(Databases, PausesTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
