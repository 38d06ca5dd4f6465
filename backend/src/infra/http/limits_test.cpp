#include "infra/http/server_fixture.h"

#include <gmock/gmock.h>

namespace afterresume::http {
namespace {

using namespace std::chrono_literals;

Task<Response> ten_megabytes(Request&) { co_return text(std::string(10 << 20, 'x')); }

class HttpLimits : public ServerTest {
protected:
    void limit_bodies_to(std::uint64_t bytes) {
        options.decide = [bytes](const Request&) {
            return BodyPolicy{BodyPolicy::Mode::buffer, bytes};
        };
    }
};

TEST_F(HttpLimits, RefusesATooLargeBodyBeforeItIsSent) {
    limit_bodies_to(10);
    auto client = connect();

    const auto reply =
        client->send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n").reply();

    EXPECT_EQ(reply.status, 413);
    EXPECT_TRUE(reply.has("Connection: close\r\n"));
    EXPECT_EQ(handled, 0);
}

TEST_F(HttpLimits, RefusesATooLargeBodyInsteadOfAskingForIt) {
    limit_bodies_to(10);

    const auto reply =
        ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");

    EXPECT_EQ(reply.status, 413);
}

TEST_F(HttpLimits, RefusesChunksOnceTheyAreTooLargeTogether) {
    limit_bodies_to(10);
    auto client = connect();

    client->send(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\n6\r\nabcdef\r\n5\r\nghijk\r\n"
    );

    EXPECT_EQ(client->reply().status, 413);
    EXPECT_EQ(handled, 0);
}

TEST_F(HttpLimits, TakesABodyOfExactlyTheLimit) {
    limit_bodies_to(10);

    EXPECT_EQ(ask(post("/", "0123456789")).status, 200);
    EXPECT_EQ(
        ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
            "chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n")
            .status,
        200
    );
}

TEST_F(HttpLimits, DecidesByTheHeadOfTheRequest) {
    options.decide = [](const Request& head) {
        const std::uint64_t bytes = head.path == "/roomy" ? 100 : 1;
        return BodyPolicy{BodyPolicy::Mode::buffer, bytes};
    };

    EXPECT_EQ(ask(post("/roomy", "some bytes")).status, 200);
    EXPECT_EQ(ask(post("/narrow", "some bytes")).status, 413);
}

TEST_F(HttpLimits, TheAnswerReachesAClientThatKeepsSending) {
    limit_bodies_to(10);
    auto client = connect();

    client->send(post("/", std::string(500'000, 'x')));

    EXPECT_EQ(client->reply().status, 413);
}

TEST_F(HttpLimits, RefusesATooLargeHeader) {
    options.max_header_bytes = 1000;

    EXPECT_EQ(ask(get("/", "X: " + std::string(2000, 'x') + "\r\n")).status, 431);
    EXPECT_EQ(ask("GET /" + std::string(2000, 'x')).status, 431);
    EXPECT_EQ(ask(get("/", "X: " + std::string(900, 'x') + "\r\n")).status, 200);
}

TEST_F(HttpLimits, RefusesTooManyFields) {
    std::string lines;
    for (int index = 0; index < 101; ++index) lines += "A: b\r\n";

    EXPECT_EQ(ask(get("/", lines)).status, 431);
}

TEST_F(HttpLimits, RefusesAnEndlessChunkLine) {
    auto client = connect();
    client->send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");

    client->send("5;" + std::string(200'000, 'x'));

    EXPECT_EQ(client->reply().status, 400);
}

TEST_F(HttpLimits, CutsAHeaderThatDripsIn) {
    options.header_timeout = 30ms;
    auto client = connect();

    const auto reply = client->send("GET / HTTP/1.1\r\nHos").reply();

    EXPECT_EQ(reply.status, 408);
    EXPECT_TRUE(reply.has("Connection: close\r\n"));
}

TEST_F(HttpLimits, EveryByteOfAHeaderDoesNotEarnNewTime) {
    options.header_timeout = 50ms;
    auto client = connect();
    client->send("GET / HTTP/1.1\r\nX: ");

    run_until([&] { return client->send("x").has_answer(); });

    EXPECT_EQ(client->reply().status, 408);
}

TEST_F(HttpLimits, CutsABodyThatDoesNotCome) {
    options.transfer_grace = 30ms;
    auto client = connect();

    const auto reply =
        client->send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab").reply();

    EXPECT_EQ(reply.status, 408);
    EXPECT_EQ(handled, 0);
}

TEST_F(HttpLimits, CutsAReaderThatTakesNothing) {
    options.transfer_grace = 30ms;
    options.min_bytes_per_second = 1 << 30;
    handler = ten_megabytes;
    auto client = connect();

    client->send(get("/"));
    run_until([this] { return handled == 1; });

    run_until([this] { return server->counters().connections == 0; });
}

TEST_F(HttpLimits, ClosesAnIdleConnectionWithoutAWord) {
    options.idle_timeout = 20ms;
    auto client = connect();
    client->send(get("/")).reply();

    EXPECT_TRUE(client->is_closed());
}

TEST_F(HttpLimits, TurnsAwayMoreConnectionsThanItHasRoomFor) {
    options.max_connections = 2;
    auto first = connect();
    auto second = connect();
    first->send(get("/")).reply();
    second->send(get("/")).reply();

    auto third = connect();
    const auto refusal = third->reply();

    EXPECT_EQ(refusal.status, 503);
    EXPECT_EQ(server->counters().refused, 1U);
    EXPECT_EQ(first->send(get("/")).reply().status, 200);
}

TEST_F(HttpLimits, HasRoomAgainWhenSomebodyHasLeft) {
    options.max_connections = 1;
    auto first = connect();
    first->send(get("/")).reply();

    first->leave();
    run_until([this] { return server->counters().connections == 0; });

    EXPECT_EQ(ask(get("/")).status, 200);
}

}  // namespace
}  // namespace afterresume::http
