#include "infra/sql/postgres_broadcast.h"

#include "core/testing.h"
#include "infra/sql/postgres_session.h"
#include "infra/sql/testing.h"

#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>

namespace afterresume::sql {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class PostgresBroadcastTest : public testing::Test {
protected:
    void SetUp() override {
        if (!test_server_url()) GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        scratch.emplace(Dialect::postgres, "CREATE TABLE a (id bigint PRIMARY KEY);");
    }
    void TearDown() override {
        here.reset();
        there.reset();
        io.restart();
        io.poll();
    }

    std::unique_ptr<broadcast::Broadcast> open(std::vector<std::string>& heard) {
        PostgresBroadcastOptions options{.url = scratch->url()};
        options.shortest_pause = 20ms;
        auto made = open_postgres_broadcast(io, std::move(options), log);
        made->start([&](std::string_view message) { heard.emplace_back(message); });
        return made;
    }
    void connect_both() {
        here = open(heard_here);
        there = open(heard_there);
        turn_until(io, [&] { return here->connected() && there->connected(); });
    }
    void cut_all() {
        PostgresSession(scratch->url())
            .rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE '%pg_notify%' AND pid <> pg_backend_pid()"
            );
    }

    std::optional<ScratchDatabase> scratch;
    boost::asio::io_context io{1};
    observability::Log log{observability::Level::error, observability::LogFormat::text, stderr};
    std::vector<std::string> heard_here;
    std::vector<std::string> heard_there;
    std::unique_ptr<broadcast::Broadcast> here;
    std::unique_ptr<broadcast::Broadcast> there;
};

TEST_F(PostgresBroadcastTest, ReachesEverybodyInOrder) {
    connect_both();

    for (const auto* message : {"one", "two", "three"}) here->publish(message);
    turn_until(io, [&] { return heard_there.size() == 3 && heard_here.size() == 3; });

    EXPECT_THAT(heard_there, ElementsAre("one", "two", "three"));
    EXPECT_THAT(heard_here, ElementsAre("one", "two", "three"));
}

TEST_F(PostgresBroadcastTest, ConnectsAgainWhenTheServerEndsTheSession) {
    connect_both();

    cut_all();
    turn_until(io, [&] { return !here->connected() && !there->connected(); });
    here->publish("lost");
    turn_until(io, [&] { return here->connected() && there->connected(); });
    here->publish("heard");
    turn_until(io, [&] { return !heard_there.empty(); });

    EXPECT_THAT(heard_there, ElementsAre("heard"));
}

TEST_F(PostgresBroadcastTest, GoesOnTryingWhereNobodyAnswers) {
    PostgresBroadcastOptions options{.url = "postgres://nobody@127.0.0.1:1/none"};
    auto nobody = open_postgres_broadcast(io, std::move(options), log);
    nobody->start([](std::string_view) {});
    boost::asio::steady_timer enough(io, 200ms);
    bool over = false;
    enough.async_wait([&](auto) { over = true; });

    turn_until(io, [&] { return over; });
    nobody->publish("lost");

    EXPECT_FALSE(nobody->connected());
}

}  // namespace
}  // namespace afterresume::sql
