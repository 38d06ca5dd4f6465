#include "api/rate_limiter.h"

#include "core/testing.h"
#include "infra/redis/testing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <gtest/gtest.h>

namespace afterresume::api {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

// So slow that nothing runs out while a test runs.
constexpr Limit ten{1.0 / 3600, 10};

// Nodes of one installation, in one thread.
class RateLimits : public testing::Test {
protected:
    struct Node {
        Node(boost::asio::io_context& io, redis::Options options, observability::Log& log)
            : redis(io, std::move(options)), limiter(RateLimiter::Shared{redis, log, 2s}) {}
        redis::Client redis;
        RateLimiter limiter;
    };

    ~RateLimits() override {
        for (auto& node : nodes) node->redis.close();
        end_all();
    }
    // What still goes on looks at its limiter in the end; addresses are looked up by a thread.
    void end_all() {
        io.restart();
        io.run_for(10s);
    }
    Node& add_node(redis::Options options) {
        return *nodes.emplace_back(std::make_unique<Node>(io, std::move(options), log));
    }
    // How many of so many at once are allowed.
    int take(RateLimiter& limiter, int count, const std::string& name = "u1") {
        int answered = 0;
        int allowed = 0;
        for (int i = 0; i < count; ++i) {
            boost::asio::co_spawn(
                io, limiter.take(name, ten),
                [&](std::exception_ptr, Allowance allowance) {
                    ++answered;
                    if (allowance.allowed) ++allowed;
                }
            );
        }
        turn_until(io, [&] { return answered == count; });
        return allowed;
    }
    void give_back(RateLimiter& limiter) {
        bool done = false;
        boost::asio::co_spawn(io, limiter.give_back("u1"), [&](std::exception_ptr) {
            done = true;
        });
        turn_until(io, [&] { return done; });
    }
    // All that was taken so far is told: who asks next waits for the round after it.
    void settle(Node& node) {
        bool done = false;
        boost::asio::co_spawn(
            io, node.redis.call({"PING"}),
            [&](std::exception_ptr, const redis::Value&) { done = true; }
        );
        turn_until(io, [&] { return done; });
    }

    boost::asio::io_context io{1};
    observability::Log log{observability::Level::error, observability::LogFormat::text, stderr};
    std::vector<std::unique_ptr<Node>> nodes;
};

// What several nodes share.
class SharedRateLimits : public RateLimits {
protected:
    void SetUp() override {
        if (!redis::TestServer::installed()) GTEST_SKIP() << "redis-server is not installed";
        server.emplace();
        for (int i = 0; i < 2; ++i) add_node(server->options());
    }
    RateLimiter& here() { return nodes[0]->limiter; }
    RateLimiter& there() { return nodes[1]->limiter; }
    int exceeded_by() const { return 1 + static_cast<int>(nodes.size()); }

    std::optional<redis::TestServer> server;
};

TEST_F(RateLimits, HoldOnOneNodeByItself) {
    RateLimiter alone;

    EXPECT_EQ(take(alone, 64), 10);
    EXPECT_EQ(take(alone, 1, "u2"), 1);
    EXPECT_FALSE(alone.trusts_shared());
}

TEST_F(RateLimits, TakeBackWhatWasNotMeant) {
    RateLimiter alone;
    for (int i = 0; i < 30; ++i) {
        EXPECT_EQ(take(alone, 1), 1);
        give_back(alone);
    }

    EXPECT_EQ(take(alone, 64), 10);
}

TEST_F(SharedRateLimits, HoldOverAllNodesHoweverManyAskAtOnce) {
    auto first = take(here(), 6) + take(there(), 2);
    int answered = 0;
    int allowed = 0;
    for (int i = 0; i < 200; ++i) {
        boost::asio::co_spawn(
            io, (i % 2 == 0 ? here() : there()).take("u1", ten),
            [&](std::exception_ptr, Allowance allowance) {
                ++answered;
                if (allowance.allowed) ++allowed;
            }
        );
    }
    turn_until(io, [&] { return answered == 200; });

    EXPECT_EQ(first, 8);
    EXPECT_GE(first + allowed, 10);
    EXPECT_LE(first + allowed, 10 + exceeded_by());
    EXPECT_EQ(take(here(), 20) + take(there(), 20), 0);
}

TEST_F(SharedRateLimits, TakeBackOnAllNodesWhatWasNotMeant) {
    for (int i = 0; i < 30; ++i) {
        EXPECT_EQ(take(here(), 1), 1);
        give_back(here());
        settle(*nodes[0]);
    }
    settle(*nodes[0]);

    EXPECT_EQ(take(there(), 64), 10);
}

TEST_F(SharedRateLimits, AreRememberedByTheNodesWhenRedisForgets) {
    EXPECT_EQ(take(here(), 9), 9);
    bool flushed = false;
    boost::asio::co_spawn(
        io, nodes[0]->redis.call({"FLUSHALL"}),
        [&](std::exception_ptr, const redis::Value&) { flushed = true; }
    );
    turn_until(io, [&] { return flushed; });

    EXPECT_EQ(take(here(), 1), 1);
    settle(*nodes[0]);
    settle(*nodes[0]);
    EXPECT_LE(take(there(), 20), exceeded_by());
    EXPECT_EQ(take(here(), 20) + take(there(), 20), 0);
}

TEST_F(SharedRateLimits, AreEachNodesOwnWhileRedisIsAwayAndSharedAgainAfterwards) {
    EXPECT_EQ(take(here(), 3), 3);
    settle(*nodes[0]);
    server->kill();

    auto alone = take(here(), 64) + take(there(), 64);
    auto trusted_away = here().trusts_shared() || there().trusts_shared();
    server->start();
    int tries = 0;
    turn_until(io, [&] {
        ++tries;
        boost::asio::co_spawn(
            io, here().take("again" + std::to_string(tries), ten), boost::asio::detached
        );
        boost::asio::co_spawn(
            io, there().take("again" + std::to_string(tries), ten), boost::asio::detached
        );
        io.run_for(20ms);
        return here().trusts_shared() && there().trusts_shared();
    });

    EXPECT_GE(alone, 17);
    EXPECT_LE(alone, 20);
    EXPECT_FALSE(trusted_away);
    auto together = take(here(), 8, "u2") + take(there(), 8, "u2");
    EXPECT_GE(together, 10);
    EXPECT_LE(together, 10 + exceeded_by());
}

// Takes connections and says nothing.
class SilentRedis : public RateLimits {
protected:
    // Whoever waits for it ends while the limiter is there.
    void give_up() {
        client.close();
        end_all();
    }
    redis::Options options() const {
        redis::Options to;
        to.address.host = "127.0.0.1";
        to.address.port = std::to_string(silent.local_endpoint().port());
        return to;
    }

    tcp::acceptor silent{io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
    redis::Client client{io, options()};
};

TEST_F(SilentRedis, IsNotWaitedForByOneAlone) {
    RateLimiter patient(RateLimiter::Shared{client, log, 1h});

    EXPECT_EQ(take(patient, 1, "u1"), 1);
    EXPECT_EQ(take(patient, 1, "u2"), 1);
    EXPECT_TRUE(patient.trusts_shared());
    give_up();
}

TEST_F(SilentRedis, LeavesEachNodeWithItsOwnLimits) {
    RateLimiter limiter(RateLimiter::Shared{client, log, 5ms});

    auto at_first = take(limiter, 4);
    auto trusted = limiter.trusts_shared();
    auto then = take(limiter, 64);

    EXPECT_EQ(at_first, 4);
    EXPECT_FALSE(trusted);
    EXPECT_EQ(then, 6);
    give_up();
}

}  // namespace
}  // namespace afterresume::api
