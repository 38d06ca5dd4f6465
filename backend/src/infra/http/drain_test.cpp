#include "infra/http/server_fixture.h"

#include <gmock/gmock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace afterresume::http {
namespace {

using namespace std::chrono_literals;

Task<Response> answer_when_open(Request& request, Gate& gate) {
    co_await gate.wait();
    co_return text(request.target);
}

Task<void> tell_when_drained(Server& server, std::chrono::milliseconds grace, bool& drained) {
    co_await server.drain(grace);
    drained = true;
}

Task<void> until_ended(BodyWriter& out, Gate& gate) {
    co_await out.write("data: 1\n\n");
    out.on_end([&gate] { gate.open(); });
    co_await gate.wait();
    co_await out.write("data: bye\n\n");
}

Task<Response> events(Gate& gate) {
    Response response;
    response.content_type = "text/event-stream";
    response.stream = [&gate](BodyWriter& out) { return until_ended(out, gate); };
    co_return response;
}

class HttpDrain : public ServerTest {
protected:
    void drain(std::chrono::milliseconds grace) {
        boost::asio::co_spawn(
            io, tell_when_drained(*server, grace, drained), boost::asio::detached
        );
        io.poll();
    }

    Gate gate{io};
    bool drained = false;
};

TEST_F(HttpDrain, LetsARequestInFlightFinish) {
    handler = [this](Request& request) { return answer_when_open(request, gate); };
    auto client = connect();
    client->send(get("/slow"));
    run_until([this] { return handled == 1; });

    drain(5s);
    const bool before_the_answer = drained;
    gate.open();
    const auto reply = client->reply();

    EXPECT_FALSE(before_the_answer);
    EXPECT_EQ(reply.body, "/slow");
    EXPECT_TRUE(reply.has("Connection: close\r\n"));
    EXPECT_TRUE(client->is_closed());
    run_until([this] { return drained; });
}

TEST_F(HttpDrain, ClosesIdleConnectionsAndTakesNoNewOnes) {
    auto idle = connect();
    idle->send(get("/")).reply();

    drain(5s);
    auto late = connect();

    EXPECT_TRUE(idle->is_closed());
    EXPECT_EQ(late->send(get("/")).reply().status, 0);
    run_until([this] { return drained; });
}

TEST_F(HttpDrain, EndsStreamsAndLetsThemSayGoodbye) {
    handler = [this](Request&) { return events(gate); };
    auto client = connect();
    client->send(get("/"));
    client->receive_until("data: 1\n\n");

    drain(5s);
    const auto rest = client->receive_until("\r\n0\r\n\r\n");

    EXPECT_THAT(rest, testing::EndsWith("data: bye\n\n\r\n0\r\n\r\n"));
    run_until([this] { return drained; });
}

TEST_F(HttpDrain, CutsWhatIsLeftAfterTheGrace) {
    handler = [this](Request& request) { return answer_when_open(request, gate); };
    auto client = connect();
    client->send(get("/stuck"));
    run_until([this] { return handled == 1; });

    drain(20ms);
    run_until([this] { return drained; });

    EXPECT_TRUE(client->is_closed());
    gate.open();
    run_until([this] { return server->counters().connections == 0; });
}

TEST_F(HttpDrain, ReturnsAtOnceWhenNobodyIsConnected) {
    start();

    drain(5s);

    EXPECT_TRUE(drained);
}

}  // namespace
}  // namespace afterresume::http
