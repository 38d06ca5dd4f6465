// Two processes' worth of workers and bells on one database, joined by a real channel.
#include "engine/jobs/wakeups.h"
#include "embedded/migrations.h"
#include "engine/jobs/testing.h"
#include "engine/workers/worker.h"
#include "infra/redis/broadcast.h"
#include "infra/redis/testing.h"
#include "infra/sql/postgres_broadcast.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using jobs::Status;
using orchestration::Run;
using Steady = std::chrono::steady_clock;

struct NoArgs {};
BOOST_DESCRIBE_STRUCT(NoArgs, (), ())

// Goes on until it is cancelled, or ends at once.
class Endless : public orchestration::WorkflowOf<NoArgs> {
public:
    Endless(boost::asio::io_context& io, bool& begun) : io_(io), begun_(begun) {}

protected:
    Task<void> run(Run& run, NoArgs) override {
        begun_ = true;
        boost::asio::steady_timer timer(io_);
        for (;;) {
            run.check();
            timer.expires_after(5ms);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
    }

private:
    boost::asio::io_context& io_;
    bool& begun_;
};

class Instant : public orchestration::WorkflowOf<NoArgs> {
protected:
    Task<void> run(Run&, NoArgs) override { co_return; }
};

class Everybody : public orchestration::Rights {
public:
    Task<std::optional<Identity>> find(TenantId tenant, UserId user) override {
        Identity identity;
        identity.tenant = tenant;
        identity.user = user;
        identity.role = Role::owner;
        co_return identity;
    }
};

enum class Channel { postgres, redis };

class WakeupsTest : public testing::TestWithParam<Channel> {
protected:
    void SetUp() override {
        if (!sql::test_server_url()) GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        if (!redis::TestServer::installed()) GTEST_SKIP() << "redis-server is not installed";
        scratch.emplace(sql::Dialect::postgres, embedded::migrations());
        workflows.add({.name = "a.endless"}, std::make_unique<Endless>(scratch->io(), begun));
        workflows.add({.name = "a.instant"}, std::make_unique<Instant>());
        if (GetParam() == Channel::redis) {
            server.emplace();
            client.emplace(scratch->io(), server->options());
        }
        here = channel();
        there = channel();
        bells_here.emplace(scratch->io(), *here, named(ready_here, cancels_here));
        bells_there.emplace(scratch->io(), *there, named(ready_there, cancels_there));
    }
    void TearDown() override {
        if (!scratch) return;
        worker.reset();
        close_channels();
        client.reset();
        scratch->io().restart();
        scratch->io().poll();
    }

    static std::vector<jobs::NamedBell> named(jobs::Doorbell& ready, jobs::Doorbell& cancels) {
        return {{"ready", ready}, {"cancel", cancels}};
    }
    std::unique_ptr<broadcast::Broadcast> channel() {
        if (client) return redis::open_broadcast(scratch->io(), *client, {server->options()}, log);
        return sql::open_postgres_broadcast(scratch->io(), {.url = scratch->url()}, log);
    }

    void close_channels() {
        bells_here.reset();
        bells_there.reset();
        here.reset();
        there.reset();
    }

    // Every few milliseconds until that is so.
    Task<void> until(std::function<bool()> done) {
        boost::asio::steady_timer timer(scratch->io());
        auto end = Steady::now() + 30s;
        while (!done() && Steady::now() < end) {
            timer.expires_after(5ms);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        EXPECT_TRUE(done());
    }
    Task<Status> status_of(jobs::JobId id) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::read);
        auto job = co_await jobs::get_job(*tx, scratch->alice(), types, id);
        co_return job.status;
    }
    // The last that was seen when it is that, or after 30 s.
    Task<Status> status_awaited(jobs::JobId id, Status awaited) {
        boost::asio::steady_timer timer(scratch->io());
        auto end = Steady::now() + 30s;
        auto status = co_await status_of(id);
        while (status != awaited && Steady::now() < end) {
            timer.expires_after(5ms);
            co_await timer.async_wait(boost::asio::use_awaitable);
            status = co_await status_of(id);
        }
        co_return status;
    }
    Task<jobs::JobId> enqueue(std::string type) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        auto made = co_await queue.enqueue(*tx, jobs::origin_of(scratch->alice()), {type});
        co_await tx->commit();
        co_return made.id;
    }
    Task<void> cancel(jobs::JobId id) {
        auto tx = scratch->database().begin(scratch->alice(), sql::Access::write);
        co_await jobs::cancel(*tx, scratch->alice(), id, cancels_here, clock.now());
        co_await tx->commit();
    }
    Task<void> start(std::chrono::milliseconds poll) {
        Options options;
        options.shortest_poll = options.longest_poll = poll;
        options.beat = 1h;
        options.lease = 4h;
        worker.emplace(
            Parts{
                scratch->io(), scratch->database(), workflows, rights, ready_there, pool, clock,
                log, nullptr, &cancels_there
            },
            options
        );
        co_await worker->open();
        boost::asio::co_spawn(scratch->io(), worker->run(), boost::asio::detached);
        co_await until([&] { return here->connected() && there->connected(); });
    }

    // What is asked for here is done there, by a worker that looks for itself once in an hour.
    Task<Status> begin_there() {
        co_await start(1h);
        auto first = co_await enqueue("a.instant");
        co_await status_awaited(first, Status::success);
        auto id = co_await enqueue("a.instant");
        auto status = co_await status_awaited(id, Status::success);
        co_await worker->stop(1s);
        co_return status;
    }
    Task<Status> cancel_there() {
        co_await start(1h);
        auto id = co_await enqueue("a.endless");
        co_await until([&] { return begun; });
        co_await cancel(id);
        auto status = co_await status_awaited(id, Status::cancelled);
        co_await worker->stop(1s);
        co_return status;
    }
    void cut() {
        if (server) return server->kill();
        sql::PostgresSession(scratch->url())
            .rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE '%pg_notify%' AND pid <> pg_backend_pid()"
            );
    }
    Task<Status> work_without_channel() {
        co_await start(100ms);
        cut();
        co_await until([&] { return !here->connected() && !there->connected(); });
        // Else they might come back by themselves.
        close_channels();
        auto id = co_await enqueue("a.instant");
        auto status = co_await status_awaited(id, Status::success);
        co_await worker->stop(1s);
        co_return status;
    }

    SystemClock clock;
    bool begun = false;
    jobs::JobTypes types;
    orchestration::Workflows workflows{types};
    Everybody rights;
    WorkPool pool{1};
    observability::Log log{observability::Level::error, observability::LogFormat::text, stderr};
    std::optional<redis::TestServer> server;
    std::optional<sql::ScratchDatabase> scratch;
    std::optional<redis::Client> client;
    jobs::Doorbell ready_here;
    jobs::Doorbell ready_there;
    jobs::Doorbell cancels_here;
    jobs::Doorbell cancels_there;
    jobs::Queue queue{types, clock, ready_here};
    std::unique_ptr<broadcast::Broadcast> here;
    std::unique_ptr<broadcast::Broadcast> there;
    std::optional<jobs::Wakeups> bells_here;
    std::optional<jobs::Wakeups> bells_there;
    std::optional<Worker> worker;
};

TEST_P(WakeupsTest, BeginAJobOfAnotherProcess) {
    EXPECT_EQ(scratch->run(begin_there()), Status::success);
}

TEST_P(WakeupsTest, DeliverACancel) {
    EXPECT_EQ(scratch->run(cancel_there()), Status::cancelled);
}

// Polling finds what is ready (I13).
TEST_P(WakeupsTest, AreNotNeeded) {
    EXPECT_EQ(scratch->run(work_without_channel()), Status::success);
}

INSTANTIATE_TEST_SUITE_P(
    Channels, WakeupsTest, testing::Values(Channel::postgres, Channel::redis),
    [](const auto& info) { return info.param == Channel::postgres ? "postgres" : "redis"; }
);

}  // namespace
}  // namespace afterresume::workers
