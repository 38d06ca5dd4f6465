#include "infra/redis/client.h"

#include "core/testing.h"
#include "infra/redis/broadcast.h"
#include "infra/redis/testing.h"

#include <boost/asio/co_spawn.hpp>

#include <gmock/gmock.h>

namespace afterresume::redis {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

class RedisTest : public testing::Test {
protected:
    void SetUp() override {
        if (!TestServer::installed()) GTEST_SKIP() << "redis-server is not installed";
    }
    // What was spawned ends before what it stands on.
    void TearDown() override {
        io.restart();
        io.poll();
    }

    Value call(Client& client, Command command) {
        std::optional<Value> answer;
        std::exception_ptr failure;
        boost::asio::co_spawn(
            io, client.call(std::move(command)),
            [&](std::exception_ptr error, Value value) {
                failure = error;
                answer = std::move(value);
            }
        );
        turn_until(io, [&] { return answer.has_value(); });
        if (failure) std::rethrow_exception(failure);
        return std::move(*answer);
    }
    std::string refusal(Client& client, Command command) {
        return code_of([&] { call(client, std::move(command)); });
    }

    boost::asio::io_context io{1};
    observability::Log log{observability::Level::error, observability::LogFormat::text, stderr};
};

TEST_F(RedisTest, KeepsAndGivesBackAnyBytes) {
    TestServer server;
    for (bool version_2 : {false, true}) {
        auto options = server.options();
        options.version_2 = version_2;
        Client client(io, options);
        std::string bytes("a\r\n\0b", 5);

        EXPECT_EQ(call(client, {"SET", "key", bytes}).text, "OK");
        EXPECT_EQ(call(client, {"GET", "key"}).text, bytes);
        EXPECT_EQ(call(client, {"GET", "none"}).kind, Value::Kind::null);
        EXPECT_EQ(call(client, {"INCR", version_2 ? "two" : "three"}).integer, 1);
        EXPECT_THAT(call(client, {"MGET", "key", "none"}).items, SizeIs(2));
        EXPECT_EQ(refusal(client, {"INCR", "key"}), "redis.error");
        client.close();
    }
}

TEST_F(RedisTest, AnswersManyCommandsOnOneConnection) {
    TestServer server;
    Client client(io, server.options());
    std::vector<std::int64_t> numbers;
    int failures = 0;

    for (int i = 0; i < 10'000; ++i) {
        boost::asio::co_spawn(
            io, client.call({"INCR", "count"}),
            [&](std::exception_ptr error, Value value) {
                if (error) ++failures;
                numbers.push_back(value.integer);
            }
        );
    }
    turn_until(io, [&] { return numbers.size() == 10'000; });

    EXPECT_EQ(failures, 0);
    EXPECT_TRUE(std::ranges::is_sorted(numbers));
    EXPECT_EQ(numbers.back(), 10'000);
    // No call opened a second one; this one's own answer comes over it.
    EXPECT_EQ(call(client, {"CLIENT", "ID"}).integer, call(client, {"CLIENT", "ID"}).integer);
}

TEST_F(RedisTest, SignsInAndChoosesADatabase) {
    TestServer server({"requirepass s3cret", "user ada on >word ~* &* +@all"});
    auto options = server.options();
    Client nobody(io, options);
    options.address.password = "wrong";
    Client wrong(io, options);
    options.address.password = "s3cret";
    options.address.database = 3;
    Client by_password(io, options);
    options.address.user = "ada";
    options.address.password = "word";
    options.version_2 = true;
    Client by_user(io, options);

    EXPECT_NE(refusal(nobody, {"PING"}), "none");
    EXPECT_EQ(refusal(wrong, {"PING"}), "redis.refused");
    EXPECT_EQ(call(by_password, {"SET", "here", "1"}).text, "OK");
    EXPECT_EQ(call(by_user, {"GET", "here"}).text, "1");
    EXPECT_EQ(call(by_user, {"ACL", "WHOAMI"}).text, "ada");
    for (auto* client : {&nobody, &wrong, &by_password, &by_user}) client->close();
}

TEST_F(RedisTest, SpeaksTlsToWhoProvesItsName) {
    TestServer server({}, true);
    auto options = server.options();
    Client trusted(io, options);
    options.authorities.clear();
    Client untrusted(io, options);
    options = server.options();
    options.address.host = "127.0.0.1";
    Client other_name(io, options);

    EXPECT_EQ(call(trusted, {"PING"}).text, "PONG");
    EXPECT_EQ(refusal(untrusted, {"PING"}), "redis.away");
    EXPECT_EQ(refusal(other_name, {"PING"}), "redis.away");
    for (auto* client : {&trusted, &untrusted, &other_name}) client->close();
}

TEST_F(RedisTest, ComesBackWhenTheServerDoes) {
    TestServer server;
    Client client(io, server.options());
    call(client, {"PING"});
    server.kill();

    EXPECT_EQ(refusal(client, {"PING"}), "redis.away");
    for (int i = 0; i < 3; ++i) refusal(client, {"PING"});
    EXPECT_FALSE(client.healthy());
    server.start();
    turn_until(io, [&] { return client.healthy(); });

    EXPECT_EQ(call(client, {"PING"}).text, "PONG");
    client.close();
}

TEST_F(RedisTest, CarriesMessagesToEverybodyAndComesBack) {
    TestServer server;
    for (bool version_2 : {false, true}) {
        Client client(io, server.options());
        BroadcastOptions options{server.options()};
        options.server.version_2 = version_2;
        options.shortest_pause = 20ms;
        // Of the newer protocol no PING has to tell that the server is gone.
        options.ping_every = version_2 ? 20ms : std::chrono::milliseconds(1h);
        std::vector<std::string> here;
        std::vector<std::string> there;
        auto one = open_broadcast(io, client, options, log);
        auto other = open_broadcast(io, client, options, log);
        one->start([&](std::string_view message) { here.emplace_back(message); });
        other->start([&](std::string_view message) { there.emplace_back(message); });
        turn_until(io, [&] { return one->connected() && other->connected(); });

        for (const auto* message : {"a", "b"}) one->publish(message);
        turn_until(io, [&] { return here.size() == 2 && there.size() == 2; });
        server.kill();
        turn_until(io, [&] { return !one->connected() && !other->connected(); });
        server.start();
        turn_until(io, [&] { return one->connected() && other->connected() && client.healthy(); });
        one->publish("c");
        turn_until(io, [&] { return there.size() == 3; });

        EXPECT_THAT(there, ElementsAre("a", "b", "c"));
        client.close();
        one.reset();
        other.reset();
    }
}

TEST(RedisAddress, IsReadFromAUrl) {
    auto address = parse_address("rediss://ada:p%40ss@cache.example:6380/4");

    EXPECT_TRUE(address.tls);
    EXPECT_EQ(address.host, "cache.example");
    EXPECT_EQ(address.port, "6380");
    EXPECT_EQ(address.user, "ada");
    EXPECT_EQ(address.password, "p@ss");
    EXPECT_EQ(address.database, 4);
    EXPECT_EQ(parse_address("redis://:word@[::1]").host, "::1");
    EXPECT_EQ(parse_address("redis://localhost").port, "6379");
    for (const auto* wrong : {"http://localhost", "redis://", "localhost:6379", "redis://a/b"})
        EXPECT_THROW(parse_address(wrong), Error) << wrong;
}

}  // namespace
}  // namespace afterresume::redis
