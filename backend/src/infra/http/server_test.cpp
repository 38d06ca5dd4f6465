#include "infra/http/server.h"

#include "core/error.h"
#include "infra/http/server_fixture.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace afterresume::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Task<Response> wait_on_slow_paths(Request& request, Gate& gate) {
    if (request.path == "/slow") co_await gate.wait();
    co_return text(request.target);
}

Task<Response> throwing(Request&) {
    throw std::runtime_error("a secret of the house");
    co_return Response{};
}

Task<Response> answering(Request&, Response response) { co_return response; }

TEST_F(ServerTest, AnswersOneRequestAfterTheOtherOnOneConnection) {
    auto client = connect();

    const auto first = client->send(get("/one")).reply();
    const auto second = client->send(post("/two", "abc")).reply();

    EXPECT_EQ(first.body, "GET /one []");
    EXPECT_EQ(second.body, "POST /two [abc]");
    EXPECT_EQ(server->counters().accepted, 1U);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
    Gate gate(io);
    handler = [&gate](Request& request) { return wait_on_slow_paths(request, gate); };
    auto client = connect();

    client->send(get("/slow") + get("/fast") + get("/last"));
    run_until([this] { return handled == 1; });
    gate.open();

    EXPECT_EQ(client->reply().body, "/slow");
    EXPECT_EQ(client->reply().body, "/fast");
    EXPECT_EQ(client->reply().body, "/last");
}

TEST_F(ServerTest, TakesARequestThatArrivesByteByByte) {
    auto client = connect();

    for (const char letter : post("/slowly", "body")) {
        client->send({&letter, 1});
        io.poll();
    }

    EXPECT_EQ(client->reply().body, "POST /slowly [body]");
}

TEST_F(ServerTest, LeavesOutTheBodyForHeadButTellsItsLength) {
    auto client = connect();

    const auto head = client->send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n").reply(false);
    const auto next = client->send(get("/y")).reply();

    EXPECT_TRUE(head.has("Content-Length: 10\r\n"));
    EXPECT_EQ(next.body, "GET /y []");
}

TEST_F(ServerTest, AsksForTheBodyThatWaitsForContinue) {
    auto client = connect();

    client->send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    );
    const auto interim = client->receive_until("\r\n\r\n");
    const auto reply = client->send("late").reply();

    EXPECT_EQ(interim, "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(reply.body, "POST /x [late]");
}

TEST_F(ServerTest, DoesNotAskForABodyThatIsAlreadyHere) {
    auto reply = ask(post("/x", "here", "Expect: 100-continue\r\n"));

    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "POST /x [here]");
}

TEST_F(ServerTest, RefusesAnExpectationItDoesNotKnow) {
    EXPECT_EQ(ask(post("/x", "here", "Expect: miracles\r\n")).status, 417);
}

TEST_F(ServerTest, PutsChunkedBodiesTogetherAndForgetsExtensionsAndTrailers) {
    handler = [](Request& request) {
        Response response = text(request.body + "|" + std::string(request.header("X-Forged")));
        return answering(request, std::move(response));
    };
    auto client = connect();

    client->send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    client->send("5;note=\"a\"\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX-Forged: yes\r\n\r\n");

    EXPECT_EQ(client->reply().body, "hello world|");
    EXPECT_EQ(client->send(get("/next")).reply().body, "|");
}

TEST_F(ServerTest, SpeaksHttp10AndClosesUnlessAskedNotTo) {
    auto plain = connect();
    auto keeping = connect();

    const auto closing = plain->send("GET /a HTTP/1.0\r\n\r\n").reply();
    const auto staying = keeping->send("GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").reply();

    EXPECT_EQ(closing.body, "GET /a []");
    EXPECT_TRUE(plain->is_closed());
    EXPECT_TRUE(staying.has("Connection: keep-alive\r\n"));
    EXPECT_EQ(keeping->send("GET /c HTTP/1.0\r\n\r\n").reply().body, "GET /c []");
}

TEST_F(ServerTest, ClosesWhenTheClientAsksForIt) {
    auto client = connect();

    const auto reply = client->send(get("/", "Connection: close\r\n")).reply();

    EXPECT_TRUE(reply.has("Connection: close\r\n"));
    EXPECT_TRUE(client->is_closed());
}

TEST_F(ServerTest, Answers500WithoutTheReasonWhenAHandlerThrowsAndGoesOn) {
    handler = throwing;
    auto client = connect();

    const auto reply = client->send(get("/")).reply();
    const auto next = client->send(get("/")).reply();

    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.body.find("secret"), std::string::npos);
    EXPECT_EQ(next.status, 500);
}

TEST_F(ServerTest, SendsTheFixedHeadersWithAnswersAndRefusals) {
    options.fixed_headers = "X-Frame-Options: DENY\r\n";

    const auto answer = ask(get("/"));
    const auto refusal = ask("nonsense\r\n\r\n");

    EXPECT_TRUE(answer.has("\r\nX-Frame-Options: DENY\r\n"));
    EXPECT_EQ(refusal.status, 400);
    EXPECT_TRUE(refusal.has("\r\nX-Frame-Options: DENY\r\n"));
    EXPECT_THAT(answer.head, HasSubstr(" GMT\r\n"));
}

TEST_F(ServerTest, SendsAnAnswersOwnHeadersInThePlaceOfFixedOnes) {
    options.fixed_headers = "X-Frame-Options: DENY\r\nReferrer-Policy: origin\r\n";
    handler = [](Request& request) {
        auto response = text("alone");
        response.headers.emplace_back("referrer-policy", "no-referrer");
        response.replaces_fixed = true;
        return answering(request, std::move(response));
    };

    const auto answer = ask(get("/"));

    EXPECT_TRUE(answer.has("\r\nreferrer-policy: no-referrer\r\n"));
    EXPECT_FALSE(answer.has("Referrer-Policy"));
    EXPECT_TRUE(answer.has("\r\nX-Frame-Options: DENY\r\nDate: ")) << answer.head;
    EXPECT_EQ(answer.body, "alone");
}

TEST_F(ServerTest, LetsTheApiWordItsRefusals) {
    options.problem = [](const Request& seen, int status, std::string_view code, std::string_view) {
        Response response = text(fmt::format("{} of {}", code, seen.header("x-name")));
        response.status = status;
        return response;
    };
    auto client = connect();

    EXPECT_EQ(ask("nonsense\r\n\r\n").body, "http.malformed of ");
    EXPECT_EQ(client->send(get("/", "X-Name: ada\r\n")).reply().status, 200);
    EXPECT_EQ(client->send("nonsense\r\n\r\n").reply().body, "http.malformed of ");
    EXPECT_EQ(
        ask("POST / HTTP/1.1\r\nHost: h\r\nX-Name: ada\r\nContent-Length: 99999999\r\n\r\n").body,
        "http.body_too_large of ada"
    );
}

TEST_F(ServerTest, LetsTheApiWordThatAHandlerThrew) {
    options.problem = [](const Request&, int status, std::string_view code, std::string_view) {
        Response response = text(std::string(code));
        response.status = status;
        return response;
    };
    handler = throwing;

    const auto reply = ask(get("/"));

    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.body, "http.failed");
}

TEST_F(ServerTest, LeavesOutAHeaderThatWouldStartAnother) {
    Response response = text("x");
    response.headers = {{"X-Good", "1"}, {"X-Bad", "1\r\nSet-Cookie: a=b"}};
    handler = [response](Request& request) { return answering(request, response); };

    const auto reply = ask(get("/"));

    EXPECT_TRUE(reply.has("X-Good: 1\r\n"));
    EXPECT_FALSE(reply.has("Set-Cookie"));
}

TEST_F(ServerTest, SendsNeitherBodyNorLengthWith204) {
    Response response = text("ignored");
    response.status = 204;
    handler = [response](Request& request) { return answering(request, response); };
    auto client = connect();

    const auto reply = client->send(get("/")).reply();

    EXPECT_THAT(reply.head, StartsWith("HTTP/1.1 204 No Content\r\n"));
    EXPECT_FALSE(reply.has("Content-Length"));
    EXPECT_EQ(client->send(get("/")).reply().status, 204);
}

TEST_F(ServerTest, SendsABodyLargerThanTheKernelTakesAtOnce) {
    const std::string large(8 << 20, 'x');
    const auto response = text(large);
    handler = [&response](Request& request) { return answering(request, response); };
    auto client = connect();

    EXPECT_EQ(client->send(get("/")).reply().body, large);
    EXPECT_EQ(client->send(get("/")).reply().body.size(), large.size());
}

TEST_F(ServerTest, SplitsTheTargetAndKnowsThePeer) {
    handler = [](Request& request) {
        auto parts = std::string(request.path) + " " + std::string(request.query) + " " +
                     request.remote_address;
        return answering(request, text(std::move(parts)));
    };

    EXPECT_EQ(ask(get("/a/b?c=%20d?e")).body, "/a/b c=%20d?e 127.0.0.1");
}

TEST_F(ServerTest, SaysWhichPortIsTaken) {
    start();
    Options same = options;
    same.port = server->port();
    Server second(io, same, echo);

    try {
        second.listen();
        FAIL() << "a port was given out twice";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "http.listen");
        EXPECT_THAT(error.what(), HasSubstr(std::to_string(same.port)));
    }
}

}  // namespace
}  // namespace afterresume::http
