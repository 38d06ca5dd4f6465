#include "core/error.h"
#include "infra/http/server_fixture.h"

#include <gmock/gmock.h>

#include <array>

namespace afterresume::http {
namespace {

using testing::HasSubstr;

Response streaming(std::function<Task<void>(BodyWriter&)> stream) {
    Response response;
    response.content_type = "text/event-stream";
    response.stream = std::move(stream);
    return response;
}

Task<Response> answer(Response response) { co_return response; }

Task<void> write_thrice(BodyWriter& out) {
    co_await out.write("one,");
    co_await out.write("");
    co_await out.write("two,");
    co_await out.write(std::string(100'000, '3'));
}

Task<void> write_and_throw(BodyWriter& out) {
    co_await out.write("half of it");
    throw std::runtime_error("the source broke");
}

// Sends one event and then waits for the end.
Task<void> follow(BodyWriter& out, Gate& gate, bool& ended) {
    co_await out.write("data: hello\n\n");
    out.on_end([&gate] { gate.open(); });
    co_await gate.wait();
    ended = out.ended();
}

Task<void> write_until_refused(BodyWriter& out, std::string& code) {
    try {
        while (true) co_await out.write(std::string(10'000, 'x'));
    } catch (const Error& error) {
        code = error.code();
        throw;
    }
}

// Adds up what it reads, seven bytes at a time.
Task<Response> count_body(Request& request, std::string& problem) {
    std::size_t total = 0;
    std::array<char, 7> bytes;
    try {
        while (true) {
            const auto count = co_await request.body_stream->read(bytes.data(), bytes.size());
            if (count == 0) break;
            total += count;
        }
    } catch (const Error& error) {
        problem = error.code();
    }
    co_return text(std::to_string(total));
}

class HttpStream : public ServerTest {
protected:
    void stream(std::function<Task<void>(BodyWriter&)> body) {
        handler = [body = std::move(body)](Request&) { return answer(streaming(body)); };
    }
    void read_bodies_as_streams(std::uint64_t limit) {
        options.decide = [limit](const Request&) {
            return BodyPolicy{BodyPolicy::Mode::stream, limit};
        };
        handler = [this](Request& request) { return count_body(request, problem); };
    }

    std::string problem;
    bool ended = false;
};

TEST_F(HttpStream, SendsWhatTheHandlerWritesInChunksAndGoesOn) {
    stream(write_thrice);
    auto client = connect();

    const auto reply = client->send(get("/")).reply();

    EXPECT_TRUE(reply.has("Transfer-Encoding: chunked\r\n"));
    EXPECT_FALSE(reply.has("Content-Length"));
    EXPECT_EQ(reply.body, "one,two," + std::string(100'000, '3'));
    EXPECT_EQ(client->send(get("/")).reply().status, 200);
}

TEST_F(HttpStream, AnswersPipelinedRequestsAfterAStream) {
    stream(write_thrice);
    auto client = connect();

    client->send(get("/") + get("/"));

    EXPECT_EQ(client->reply().status, 200);
    EXPECT_EQ(client->reply().status, 200);
}

TEST_F(HttpStream, AnswersARequestThatCameDuringAStream) {
    Gate gate(io);
    stream([&](BodyWriter& out) { return follow(out, gate, ended); });
    auto client = connect();
    client->send(get("/")).receive_until("hello\n\n");

    client->send(get("/"));
    io.poll();
    gate.open();

    EXPECT_EQ(client->receive_until("0\r\n\r\n"), "\r\n0\r\n\r\n");
    EXPECT_EQ(client->reply().body, "data: hello\n\n");
    EXPECT_FALSE(ended);
}

TEST_F(HttpStream, SendsAKnownLengthWithoutChunks) {
    auto response = streaming(write_thrice);
    response.stream_length = 100'008;
    handler = [response](Request&) { return answer(response); };
    auto client = connect();

    const auto reply = client->send(get("/")).reply();

    EXPECT_TRUE(reply.has("Content-Length: 100008\r\n"));
    EXPECT_EQ(reply.body.size(), 100'008U);
    EXPECT_EQ(client->send(get("/")).reply().status, 200);
}

TEST_F(HttpStream, CutsTheConnectionWhenAStreamIsShorterThanPromised) {
    auto response = streaming(write_thrice);
    response.stream_length = 200'000;
    handler = [response](Request&) { return answer(response); };

    EXPECT_EQ(ask(get("/")).status, 0);
}

TEST_F(HttpStream, EndsTheBodyWithTheConnectionForHttp10) {
    stream(write_thrice);

    const auto reply = ask("GET / HTTP/1.0\r\n\r\n");

    EXPECT_FALSE(reply.has("Transfer-Encoding"));
    EXPECT_EQ(reply.body.size(), 100'008U);
}

TEST_F(HttpStream, WritesNothingForHead) {
    stream(write_thrice);
    auto client = connect();

    client->send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + get("/"));

    EXPECT_EQ(client->reply(false).status, 200);
    EXPECT_EQ(client->reply().body.size(), 100'008U);
}

TEST_F(HttpStream, NeverLetsABrokenStreamLookWhole) {
    stream(write_and_throw);
    auto client = connect();

    client->send(get("/"));
    const auto received = client->receive_until("\r\n0\r\n\r\n");

    EXPECT_THAT(received, HasSubstr("half of it"));
    EXPECT_THAT(received, testing::Not(testing::EndsWith("\r\n0\r\n\r\n")));
}

TEST_F(HttpStream, NoticesThatTheReaderOfEventsHasLeft) {
    Gate gate(io);
    stream([&](BodyWriter& out) { return follow(out, gate, ended); });
    auto client = connect();
    client->send(get("/"));
    EXPECT_THAT(client->receive_until("\n\n"), HasSubstr("data: hello"));

    client->leave();

    run_until([this] { return ended; });
    run_until([this] { return server->counters().connections == 0; });
}

TEST_F(HttpStream, TellsAWriterThatNobodyReads) {
    stream([this](BodyWriter& out) { return write_until_refused(out, problem); });
    auto client = connect();
    client->send(get("/")).receive_until("\r\n\r\n");

    client->leave();
    run_until([this] { return !problem.empty(); });

    EXPECT_EQ(problem, "http.client_gone");
}

TEST_F(HttpStream, GivesTheHandlerABodyPieceByPiece) {
    read_bodies_as_streams(10 << 20);
    auto client = connect();

    const auto fixed = client->send(post("/", std::string(300'000, 'x'))).reply();
    client->send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto chunked = client->send("8\r\n01234567\r\n8\r\n89abcdef\r\n0\r\n\r\n").reply();

    EXPECT_EQ(fixed.body, "300000");
    EXPECT_EQ(chunked.body, "16");
}

TEST_F(HttpStream, AsksForAWaitingBodyWhenTheHandlerReadsIt) {
    read_bodies_as_streams(100);
    auto client = connect();

    client->send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");

    EXPECT_EQ(client->receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(client->send("late").reply().body, "4");
}

TEST_F(HttpStream, TellsTheHandlerWhenChunksGrowBeyondTheLimit) {
    read_bodies_as_streams(10);

    const auto reply =
        ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
            "chunked\r\n\r\n8\r\n01234567\r\n8\r\n89abcdef\r\n0\r\n\r\n");

    EXPECT_EQ(problem, "http.body_too_large");
    EXPECT_TRUE(reply.has("Connection: close\r\n"));
}

TEST_F(HttpStream, TellsTheHandlerWhenTheClientLeavesInTheMiddle) {
    read_bodies_as_streams(100);
    auto client = connect();
    client->send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nsome");
    run_until([this] { return handled == 1; });

    client->leave();
    run_until([this] { return !problem.empty(); });

    EXPECT_EQ(problem, "http.body_incomplete");
}

TEST_F(HttpStream, ClosesAfterABodyThatTheHandlerDidNotRead) {
    read_bodies_as_streams(1 << 20);
    handler = echo;
    auto client = connect();

    const auto reply = client->send(post("/", std::string(200'000, 'x')) + get("/next")).reply();

    EXPECT_EQ(reply.status, 200);
    EXPECT_TRUE(reply.has("Connection: close\r\n"));
    EXPECT_TRUE(client->is_closed());
    EXPECT_EQ(handled, 1);
}

}  // namespace
}  // namespace afterresume::http
