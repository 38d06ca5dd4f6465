#include "fixture.h"

#include "app/composition.h"
#include "infra/http/server_fixture.h"

#include "api/fixed_headers.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

constexpr std::string_view broken_path = "/broken/";

// Of all fields of that name.
std::vector<std::string> values_of(const http::Reply& reply, const std::string& name) {
    std::vector<std::string> values;
    const auto mark = "\r\n" + name + ": ";
    for (auto at = reply.head.find(mark); at != std::string::npos; at = reply.head.find(mark, at)) {
        at += mark.size();
        values.push_back(reply.head.substr(at, reply.head.find("\r\n", at) - at));
    }
    return values;
}

// Short for the part that a request which has to take too long never sends, and for no other.
http::Options patience_for(const std::string& request, int status) {
    http::Options options;
    if (status != 408) return options;
    auto has_header = request.find("\r\n\r\n") != std::string::npos;
    (has_header ? options.transfer_grace : options.header_timeout) = std::chrono::milliseconds(100);
    options.tick = std::chrono::milliseconds(20);
    return options;
}

void expect_security_headers(const http::Reply& reply, bool production) {
    using testing::ElementsAre;
    EXPECT_THAT(
        values_of(reply, "Content-Security-Policy"),
        ElementsAre(
            "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self'"
        )
    );
    EXPECT_THAT(values_of(reply, "X-Frame-Options"), ElementsAre("DENY"));
    EXPECT_THAT(values_of(reply, "X-Content-Type-Options"), ElementsAre("nosniff"));
    EXPECT_THAT(
        values_of(reply, "Referrer-Policy"), ElementsAre("strict-origin-when-cross-origin")
    );
    EXPECT_THAT(
        values_of(reply, "Permissions-Policy"), ElementsAre(testing::HasSubstr("geolocation=()"))
    );
    EXPECT_THAT(values_of(reply, "X-XSS-Protection"), ElementsAre("1; mode=block"));
    EXPECT_THAT(values_of(reply, "Strict-Transport-Security"), testing::SizeIs(production ? 1 : 0));
}

}  // namespace

// The same program behind a real server on a real socket, for what the gateway does not see.
class Sockets : public ProgramTest {
protected:
    void SetUp() override {
        ProgramTest::SetUp();
        if (!IsSkipped()) serve();
    }
    void serve(http::Options options = {}, bool production = false) {
        auto& gateway = program().composition().gateway;
        options.fixed_headers = api::fixed_headers(production);
        options.problem = [&gateway](
                              const http::Request& seen, int status, std::string_view code,
                              std::string_view sentence
                          ) { return gateway.refuse(seen, status, code, sentence); };
        options.decide = [&gateway](const http::Request& head) {
            return gateway.body_policy(head);
        };
        auto handle = [&gateway](http::Request& request) {
            if (request.path == broken_path) throw std::runtime_error("a mistake of ours");
            return gateway.handle(request);
        };
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
    program().furnish();
    auto entry = program().fill("/api/worklogs/{ada.entry}/");
    auto events = program().fill("/api/jobs/{ada.job}/events/");
    auto ask_by = [](const std::string& method, const std::string& path, const std::string& lines) {
        return method + http::get(path, lines).substr(3);
    };
    const std::vector<std::pair<int, std::string>> rows{
        {200, http::get("/api/healthz/")},
        {200, http::get("/api/docs/")},
        {200, http::get(events, badge() + "Accept: text/event-stream\r\n")},
        {200, ask_by("HEAD", entry, badge())},
        {201, post("/api/worklogs/", R"({"content":"Written down."})")},
        {204, ask_by("OPTIONS", "/api/worklogs/", "")},
        {304, http::get(entry, badge() + "If-None-Match: *\r\n")},
        {400, post("/api/worklogs/", "{")},
        {401, http::get("/api/worklogs/")},
        {404, http::get("/api/nothing/")},
        {404, ask_by("HEAD", "/api/nothing/", "")},
        {405, ask_by("DELETE", "/api/worklogs/", badge())},
        {421, "GET /api/worklogs/ HTTP/1.1\r\nHost: example.net\r\n\r\n"},
        {422, post("/api/worklogs/", "{}")},
        {400, "nonsense\r\n\r\n"},
        {408, "GET / HTTP/1.1\r\nHos"},
        {413, post("/api/worklogs/", std::string(2 << 20, 'x'))},
        {417, http::get("/", "Expect: miracles\r\n")},
        {431, http::get("/", "X: " + std::string(20'000, 'x') + "\r\n")},
        {500, http::get(std::string(broken_path))},
        {505, "GET / HTTP/3.0\r\nHost: localhost\r\n\r\n"},
    };

    for (bool production : {false, true}) {
        for (const auto& [status, request] : rows) {
            SCOPED_TRACE(request.substr(0, 100));
            serve(patience_for(request, status), production);
            auto reply = ask(request);
            EXPECT_EQ(reply.status, status);
            expect_security_headers(reply, production);
        }
    }
}

TEST_P(Sockets, RefuseAsTheApiDoesWhatNeverReachesIt) {
    const std::string sent = "7a3e8f2c-1b5d-4c6e-9f80-112233445566";
    const auto line = "X-Correlation-ID: " + sent + "\r\n";
    const auto large = std::string(2 << 20, 'x');
    struct Row {
        int status;
        std::string request;
        bool is_known;
    };
    const std::vector<Row> rows{
        {400, "nonsense\r\n\r\n", false},
        {400, "GET / HTTP/1.1\r\n" + line + "\r\n", true},
        {408, "GET / HTTP/1.1\r\n" + line, false},
        {408, "POST / HTTP/1.1\r\nHost: h\r\n" + line + "Content-Length: 5\r\n\r\nab", true},
        {413, http::post("/api/worklogs/", large, line), true},
        {413, http::post("/s/made-up", large, line), true},
        {417, http::get("/", line + "Expect: miracles\r\n"), true},
        {431, http::get("/", line + "X: " + std::string(20'000, 'x') + "\r\n"), false},
        {500, http::get(std::string(broken_path), line), true},
        {505, "GET / HTTP/3.0\r\nHost: localhost\r\n" + line + "\r\n", false},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.request.substr(0, 100));
        serve(patience_for(row.request, row.status));
        auto reply = ask(row.request);
        auto ids = values_of(reply, "X-Correlation-ID");

        EXPECT_EQ(reply.status, row.status);
        ASSERT_EQ(ids.size(), 1U) << reply.head;
        EXPECT_TRUE(Uuid::parse(ids[0])) << ids[0];
        EXPECT_EQ(ids[0] == sent, row.is_known);
        EXPECT_THAT(reply.body, testing::HasSubstr("\"correlation_id\":\"" + ids[0] + '"'));
        EXPECT_THAT(
            values_of(reply, "Content-Type"), testing::ElementsAre("application/problem+json")
        );
        EXPECT_THAT(values_of(reply, "Cache-Control"), testing::ElementsAre("no-store"));
        EXPECT_THAT(
            values_of(reply, "Referrer-Policy"),
            testing::ElementsAre(
                row.request.starts_with("POST /s/") ? "no-referrer"
                                                    : "strict-origin-when-cross-origin"
            )
        );
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
    auto job = call("POST", "/api/worklogs/", bob, R"({"content":"Private."})").text("/job_ids/0");

    auto reply =
        ask(http::get("/api/jobs/" + job + "/events/", badge() + "Accept: text/event-stream\r\n"));

    EXPECT_EQ(reply.status, 404);
}

INSTANTIATE_TEST_SUITE_P(Engines, Sockets, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
