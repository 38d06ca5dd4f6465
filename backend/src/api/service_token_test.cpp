#include "api/service_token.h"

#include "core/error.h"
#include "infra/redis/testing.h"
#include "infra/single_use/testing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <gmock/gmock.h>

namespace afterresume::api {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

const std::string secret(40, 's');
const std::string former(40, 'f');

struct Asked {
    std::string method = "POST";
    std::string target = "/api/worklogs/?a=1";
    std::string body = R"({"content":"a"})";
    std::string type = "application/json";

    void fill(http::Request& request) const {
        request.method = method;
        request.set_target(target);
        request.headers.add("content-type", type);
        request.body = body;
    }
};

class ServiceTokensTest : public testing::Test {
protected:
    // Anew for each request, as the page's server makes them.
    std::string nonce() { return "nonce-of-a-request-" + std::to_string(++made_); }
    std::string token(
        const Asked& asked, std::chrono::seconds late = 0s, const std::string& key = secret
    ) {
        http::Request request;
        asked.fill(request);
        return service_token(key, request, clock.now() + late, nonce());
    }
    bool takes(ServiceTokens& by, const Asked& asked, const std::vector<std::string>& carried) {
        http::Request request;
        asked.fill(request);
        for (const auto& one : carried) request.headers.add("X-Service-Token", one);
        std::optional<std::exception_ptr> end;
        boost::asio::co_spawn(io, by.check(request), [&](std::exception_ptr failure) {
            end = failure;
        });
        auto guard = boost::asio::make_work_guard(io);
        io.restart();
        while (!end) io.run_one();
        try {
            if (*end) std::rethrow_exception(*end);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "request.service_token");
            EXPECT_EQ(error.kind(), ErrorKind::forbidden);
            return false;
        }
        return true;
    }
    bool takes(const Asked& asked, const std::string& carried) {
        return takes(tokens, asked, {carried});
    }

    Task<void> check_at(
        ServiceTokens& by, const http::Request& request, single_use::Barrier& barrier
    ) {
        co_await barrier.arrive();
        co_await by.check(request);
    }
    // By all of these nodes in turn, one token in each round.
    void take_at_once(const std::vector<ServiceTokens*>& nodes) {
        for (int round = 0; round < single_use::rounds(); ++round) {
            http::Request request;
            Asked{}.fill(request);
            request.headers.add("X-Service-Token", token({}));
            std::size_t next = 0;

            auto ends = single_use::at_once(io, [&](single_use::Barrier& barrier) {
                return check_at(*nodes[next++ % nodes.size()], request, barrier);
            });

            ASSERT_THAT(
                ends,
                ElementsAre(Pair("done", 1), Pair("request.service_token", single_use::many - 1))
            );
        }
    }

    boost::asio::io_context io{1};
    ManualClock clock{*parse_timestamp("2026-03-10T12:00:00Z")};
    Nonces nonces{clock, nullptr};
    ServiceTokens tokens{{secret, former}, clock, nonces};

private:
    int made_ = 0;
};

TEST_F(ServiceTokensTest, AreTakenOnce) {
    auto good = token({});

    EXPECT_TRUE(takes({}, good));
    EXPECT_FALSE(takes({}, good));
    clock.advance(4min);
    EXPECT_FALSE(takes({}, good));
    EXPECT_TRUE(takes({}, token({})));
}

TEST_F(ServiceTokensTest, AreTakenOnceHoweverOftenAtOnce) { take_at_once({&tokens}); }

TEST_F(ServiceTokensTest, AreTakenForFiveMinutesWhicheverClockIsAhead) {
    for (auto [seconds, taken] : {std::pair{299s, true}, {300s, true}, {301s, false}}) {
        EXPECT_EQ(takes({}, token({}, seconds)), taken) << seconds.count();
        EXPECT_EQ(takes({}, token({}, -seconds)), taken) << seconds.count();
    }
}

// A token from ahead of our clock is good for up to ten minutes.
TEST_F(ServiceTokensTest, AreRememberedAsLongAsTheyAreGood) {
    auto ahead = token({}, 5min);
    EXPECT_TRUE(takes({}, ahead));

    for (int minute = 0; minute < 10; ++minute) {
        clock.advance(1min);
        EXPECT_FALSE(takes({}, ahead)) << minute;
    }
}

TEST_F(ServiceTokensTest, AreOfOneRequestAlone) {
    const Asked asked;
    for (const auto& [other, what] : std::vector<std::pair<Asked, std::string>>{
             {{"PUT"}, "method"},
             {{"POST", "/api/worklogs/?a=2"}, "query"},
             {{"POST", "/api/worklogs/"}, "no query"},
             {{"POST", "/api/skills/?a=1"}, "path"},
             {{"POST", asked.target, R"({"content":"b"})"}, "body"},
             {{"POST", asked.target, ""}, "no body"},
             {{"POST", asked.target, asked.body, "text/plain"}, "type"}
         }) {
        EXPECT_FALSE(takes(other, token(asked))) << what;
    }
}

TEST_F(ServiceTokensTest, AreOfAKnownSecret) {
    EXPECT_TRUE(takes({}, token({}, 0s, former)));
    EXPECT_FALSE(takes({}, token({}, 0s, std::string(40, 'x'))));
    EXPECT_FALSE(takes({}, token({}, 0s, "")));
}

TEST_F(ServiceTokensTest, AreNothingElse) {
    auto good = token({});
    auto signature = good.substr(good.rfind(':') + 1);
    auto body = good.substr(good.rfind(':') - 64, 64);
    for (const auto& bad : std::vector<std::string>{
             "", ":::", "::::", good + ":", good + " ", " " + good, "+" + good,
             "0" + good.substr(1), signature, "1773144000:" + signature,
             good.substr(0, good.size() - 1), good.substr(0, good.rfind(':')) + ":",
             "x:nonce-of-a-request:" + body + ":" + signature,
             "1773144000:short:" + body + ":" + signature,
             "1773144000:nonce of a request:" + body + ":" + signature,
             "1773144000:nonce-of-a-request-1:-:" + signature, std::string(1 << 20, 'a')
         }) {
        EXPECT_FALSE(takes({}, bad)) << bad.substr(0, 200);
    }
    EXPECT_TRUE(takes({}, good));
}

TEST_F(ServiceTokensTest, AreNeitherMissingNorSeveral) {
    auto good = token({});

    EXPECT_FALSE(takes(tokens, {}, {}));
    EXPECT_FALSE(takes(tokens, {}, {good, good}));
    EXPECT_TRUE(takes({}, good));
}

TEST_F(ServiceTokensTest, AreUsedOnceOnAllNodesThatShareARedisHoweverOftenAtOnce) {
    if (!redis::TestServer::installed()) GTEST_SKIP() << "redis-server is not installed";
    redis::TestServer server;
    redis::Client shared(io, server.options());
    redis::Client shared_too(io, server.options());
    Nonces nonces_here(clock, &shared);
    Nonces nonces_there(clock, &shared_too);
    ServiceTokens here({secret}, clock, nonces_here);
    ServiceTokens there({secret}, clock, nonces_there);
    auto good = token({});

    EXPECT_TRUE(takes(here, {}, {good}));
    EXPECT_FALSE(takes(there, {}, {good}));
    take_at_once({&here, &there});
    server.kill();
    auto without = token({});
    EXPECT_TRUE(takes(there, {}, {without}));
    EXPECT_FALSE(takes(there, {}, {without}));
    shared.close();
    shared_too.close();
    io.restart();
    io.poll();
}

}  // namespace
}  // namespace afterresume::api
