#include "engine/workers/testing.h"
#include "infra/sql/testing_tx.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

struct Done {
    std::int64_t done = 1;
};
BOOST_DESCRIBE_STRUCT(Done, (), (done))

// Keeps the answer to a claim back, which others have seen by then.
class Slow : public sql::PassingDatabase {
public:
    using PassingDatabase::PassingDatabase;

    std::unique_ptr<sql::Tx> begin_engine(sql::Access access) override {
        auto tx = PassingDatabase::begin_engine(access);
        return std::make_unique<SlowTx>(std::move(tx), *this);
    }

    // Awaited once, before the answer.
    std::function<Task<void>()> answer;

private:
    class SlowTx : public sql::PassingTx {
    public:
        SlowTx(std::unique_ptr<sql::Tx> inner, Slow& database)
            : PassingTx(std::move(inner)), database_(database) {}

        Task<void> commit_unflushed() override {
            co_await PassingTx::commit_unflushed();
            if (database_.answer) co_await std::exchange(database_.answer, {})();
        }

    private:
        Slow& database_;
    };
};

class Endless : public orchestration::Workflow {
public:
    orchestration::Plan steps() const override { return {{.name = "wait"}}; }
    Task<void> start(orchestration::Run& run) override {
        co_await run.step<Done>("wait", Done{}, wait);
    }

private:
    static Task<Done> wait(Done given) {
        asio::steady_timer timer(co_await asio::this_coro::executor, 24h);
        co_await timer.async_wait(asio::use_awaitable);
        co_return given;
    }
};

class DrainTest : public WorkersTest {
protected:
    void SetUp() override {
        WorkersTest::SetUp();
        if (IsSkipped()) return;
        workflows.add({.name = "b.endless"}, std::make_unique<Endless>());
        slow = std::make_unique<Slow>(scratch->database());
        subject = std::make_unique<Worker>(
            Parts{scratch->io(), *slow, workflows, rights, doorbell, pool, clock, log}, Options{}
        );
        run(subject->open());
    }
    Task<void> until(std::function<bool()> reached) {
        while (!reached()) co_await asio::post(scratch->io(), asio::use_awaitable);
    }
    // Long enough for whoever asks for nothing more than these do.
    Task<void> ask_often() {
        static constexpr sql::Statement statement{
            "test.draining", "SELECT count(*) FROM worker WHERE draining"
        };
        std::int64_t draining = 0;
        for (int asked = 0; draining == 0 || asked < 50; ++asked) {
            auto tx = scratch->database().begin_engine(sql::Access::write);
            draining = co_await tx->one<std::int64_t>(statement);
            co_await tx->commit();
        }
    }

    std::unique_ptr<Slow> slow;
};

// None is left to be rescued (I4) or uses an attempt (I5).
TEST_P(DrainTest, HandsBackWhatAClaimUnderWayBrings) {
    auto id = enqueue({.type = "b.endless"}).id;
    bool claimed = false;
    bool answered = false;
    bool stopped = false;
    slow->answer = [&] {
        claimed = true;
        return until([&] { return answered; });
    };
    asio::co_spawn(scratch->io(), subject->claim_once(), asio::detached);
    run(until([&] { return claimed; }));

    asio::co_spawn(scratch->io(), subject->stop(0ms), [&](auto&&...) { stopped = true; });
    run(ask_often());
    answered = true;
    run(until([&] { return stopped && subject->active() == 0; }));

    EXPECT_EQ(job(id).status, jobs::Status::queued);
    EXPECT_EQ(job(id).attempts, 0);
}

INSTANTIATE_TEST_SUITE_P(Databases, DrainTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
