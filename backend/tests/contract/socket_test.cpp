#include "fixture.h"

#include "infra/http/server_fixture.h"

#include "api/problem.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

constexpr auto ada = Actor::ada;

}  // namespace

// The same program behind a real server on a real socket, for what the gateway does not see.
class Sockets : public ProgramTest {
protected:
    void SetUp() override {
        ProgramTest::SetUp();
        if (IsSkipped()) return;
        auto& gateway = program().composition().gateway;
        http::Options options;
        options.fixed_headers = api::fixed_headers(false);
        options.problem = [](int status, std::string_view code, std::string_view sentence) {
            return api::problem(status, code, sentence, Uuid::random());
        };
        options.decide = [&gateway](const http::Request& head) {
            return gateway.body_policy(head);
        };
        auto handle = [&gateway](http::Request& request) { return gateway.handle(request); };
        io().restart();
        server_ = std::make_unique<http::Server>(io(), options, handle);
        server_->listen();
    }
    void TearDown() override {
        if (!server_) return;
        server_.reset();
        io().restart();
        io().run_for(std::chrono::milliseconds(50));
    }
    boost::asio::io_context& io() { return program().composition().io; }
    http::Reply ask(const std::string& request) {
        http::Client client(io(), server_->port());
        return client.send(request).reply(!request.starts_with("HEAD"));
    }
    std::string badge() { return "Authorization: Bearer " + program().token(ada) + "\r\n"; }
    std::string post(const std::string& path, const std::string& body) {
        return http::post(path, body, badge());
    }

private:
    std::unique_ptr<http::Server> server_;
};

TEST_P(Sockets, RefuseABodyOverTheLimitOfItsRoute) {
    auto reply = ask(post("/api/worklogs/", R"({"content":")" + std::string(2 << 20, 'x') + "\"}"));

    EXPECT_EQ(reply.status, 413);
    EXPECT_TRUE(reply.has("application/problem+json")) << reply.head;
}

TEST_P(Sockets, TakeALargerBodyWhereARouteSaysSo) {
    std::string items;
    for (int i = 0; i < 100; ++i)
        items +=
            fmt::format(R"({}{{"content":"{}"}})", i == 0 ? "" : ",", std::string(19'000, 'x'));
    auto reply = ask(post("/api/worklogs/bulk/", R"({"items":[)" + items + "]}"));

    EXPECT_EQ(reply.status, 200) << reply.body.substr(0, 300);
}

TEST_P(Sockets, CarryTheSecurityHeadersOnEveryAnswer) {
    const std::vector<std::string> requests{
        http::get("/api/healthz/"),  http::get("/api/nothing/"),
        http::get("/api/worklogs/"), http::get("/api/worklogs/", badge()),
        "nonsense\r\n\r\n",
    };
    for (const auto& request : requests) {
        SCOPED_TRACE(request);
        auto reply = ask(request);
        EXPECT_NE(reply.status, 0);
        for (const auto* header :
             {"Content-Security-Policy: default-src 'self'", "X-Frame-Options: DENY",
              "X-Content-Type-Options: nosniff", "Referrer-Policy: ",
              "Permissions-Policy: geolocation=()", "X-XSS-Protection: 1; mode=block"}) {
            EXPECT_TRUE(reply.has(header)) << header << "\n" << reply.head;
        }
    }
}

TEST_P(Sockets, LetNobodyKeepWhatIsOnesOwn) {
    EXPECT_TRUE(ask(http::get("/api/worklogs/", badge())).has("Cache-Control: no-store"));
}

TEST_P(Sockets, TellNoOtherSiteOfAShareLink) {
    program().furnish();
    auto token = call("POST", "/api/shares/", ada, R"({"report_id":{ada.report}})").text("/token");

    auto page = ask(http::get("/s/" + token, badge()));
    auto data = ask(http::get("/api/share/" + token + "/"));
    auto none = ask(http::get("/api/share/none/"));

    EXPECT_EQ(page.status, 200);
    for (const auto& reply : {page, data, none}) {
        EXPECT_TRUE(reply.has("\r\nReferrer-Policy: no-referrer\r\n")) << reply.head;
        EXPECT_FALSE(reply.has("strict-origin")) << reply.head;
        EXPECT_TRUE(reply.has("\r\nX-Robots-Tag: noindex")) << reply.head;
        EXPECT_TRUE(reply.has("\r\nCache-Control: no-store\r\n")) << reply.head;
        EXPECT_TRUE(reply.has("\r\nX-Frame-Options: DENY\r\n")) << reply.head;
    }
    EXPECT_FALSE(page.has("default-src 'self'")) << page.head;
}

TEST_P(Sockets, AnswerHeadWithTheLengthAlone) {
    auto request = http::get("/api/worklogs/", badge());

    auto whole = ask(request);
    auto head = ask("HEAD" + request.substr(3));

    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    EXPECT_TRUE(head.has("Content-Length: " + std::to_string(whole.body.size()))) << head.head;
}

TEST_P(Sockets, FollowAJobLive) {
    auto job = call("POST", "/api/worklogs/", ada, R"({"content":"Watched from afar."})")
                   .text("/job_ids/0");
    program().work();
    auto listed = call("GET", "/api/jobs/" + job + "/events/", ada);

    auto reply =
        ask(http::get("/api/jobs/" + job + "/events/", badge() + "Accept: text/event-stream\r\n"));
    auto resumed = ask(http::get(
        "/api/jobs/" + job + "/events/",
        badge() + "Accept: text/event-stream\r\nLast-Event-ID: 1\r\n"
    ));

    EXPECT_EQ(reply.status, 200);
    EXPECT_TRUE(reply.has("Content-Type: text/event-stream"));
    EXPECT_THAT(reply.body, testing::StartsWith("id: 1\nevent: job\ndata: {"));
    EXPECT_THAT(reply.body, testing::HasSubstr(fmt::format("id: {}\n", listed.count("/items"))));
    EXPECT_THAT(resumed.body, testing::StartsWith("id: 2\n"));
}

TEST_P(Sockets, RefuseToFollowAnothersJob) {
    auto job =
        call("POST", "/api/worklogs/", Actor::bob, R"({"content":"Private."})").text("/job_ids/0");

    auto reply =
        ask(http::get("/api/jobs/" + job + "/events/", badge() + "Accept: text/event-stream\r\n"));

    EXPECT_EQ(reply.status, 404);
}

INSTANTIATE_TEST_SUITE_P(Engines, Sockets, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
