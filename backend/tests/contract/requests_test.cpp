#include "promise.h"

namespace afterresume::contract {

namespace {

using namespace std::string_literals;

std::string long_entry(std::size_t size) {
    return R"({"content":")" + std::string(size, 'x') + "\"}";
}

std::vector<Promise> broken_bodies() {
    return {
        {"Refuses what is not JSON",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":)",
         400,
         {R"("code":"request.malformed_json")"}},
        {"Refuses two documents in one body",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a"}{"content":"b"})",
         400,
         {"request.malformed_json"}},
        {"Refuses invalid UTF-8",
         ada,
         "POST",
         "/api/worklogs/",
         "{\"content\":\"\xff\xfe\"}",
         400,
         {"request.malformed_json"}},
        {"Refuses half a surrogate pair",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"\ud800"})",
         400,
         {"request.malformed_json"}},
        {"Refuses JSON nested deeper than 64",
         ada,
         "POST",
         "/api/worklogs/",
         std::string(100, '[') + std::string(100, ']'),
         400,
         {"request.malformed_json"}},
        {"Refuses a body that is no object",
         ada,
         "POST",
         "/api/worklogs/",
         "[1]",
         422,
         {"must be an object"}},
        {"Points at an unknown field",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","colour":"red"})",
         422,
         {R"("pointer":"/colour")", "is not a known field"}},
        {"Points at a missing field",
         ada,
         "POST",
         "/api/worklogs/",
         "{}",
         422,
         {R"("pointer":"/content")"}},
        {"Points at every wrong field at once",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":7,"tags":"go"})",
         422,
         {R"("pointer":"/content")", R"("pointer":"/tags")"}},
        {"Points into a list",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","tags":["go",""]})",
         422,
         {R"("pointer":"/tags/1")"}},
        {"Refuses a NUL in a text",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a\u0000b"})",
         422,
         {R"("pointer":"/content")"}},
        {"Takes no content over 20000 characters",
         ada,
         "POST",
         "/api/worklogs/",
         long_entry(20'001),
         422,
         {R"("pointer":"/content")"}},
        {"Takes content of 20000 characters", ada, "POST", "/api/worklogs/", long_entry(20'000), 201
        },
        {"Takes no empty content",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":""})",
         422,
         {R"("pointer":"/content")"}},
        {"Takes no 30th of February",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","occurred_on":"2026-02-30"})",
         422,
         {R"("pointer":"/occurred_on")"}},
        {"Takes no date with a time",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","occurred_on":"2026-02-03T10:00:00Z"})",
         422,
         {"/occurred_on"}},
        {"Takes no number as a date",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","occurred_on":20260203})",
         422,
         {"/occurred_on"}},
        {"Takes no other visibility than the two",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","visibility":"public"})",
         422,
         {"/visibility"}},
        {"Takes no duration below zero",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","duration_minutes":-1})",
         422,
         {"/duration_minutes"}},
        {"Takes no fraction where a whole number belongs",
         ada,
         "POST",
         "/api/worklogs/",
         R"({"content":"a","duration_minutes":1.5})",
         422,
         {"/duration_minutes"}},
    };
}

std::vector<Promise> broken_paths() {
    return {
        {"Knows no entry 0", ada, "GET", "/api/worklogs/0/", "", 404},
        {"Knows no entry below 0", ada, "GET", "/api/worklogs/-1/", "", 404},
        {"Knows no entry from 2 to the 53 on", ada, "GET", "/api/worklogs/9007199254740992/", "",
         404},
        {"Knows no entry beyond 64 bits", ada, "GET", "/api/worklogs/99999999999999999999/", "", 404
        },
        {"Knows no entry with letters", ada, "GET", "/api/worklogs/abc/", "", 404},
        {"Knows no job that is no UUID", ada, "GET", "/api/jobs/17/", "", 404},
        {"Knows no path beside its own",
         ada,
         "GET",
         "/api/nothing/",
         "",
         404,
         {R"("code":"request.not_found")"}},
        {"Knows no path with an empty segment", ada, "GET", "/api//worklogs/", "", 404},
        {"Knows no path with a broken escape", ada, "GET", "/api/worklogs/%zz/", "", 404},
        {"Answers without the final slash", ada, "GET", "/api/worklogs", "", 200},
        {"Refuses an unknown query parameter",
         ada,
         "GET",
         "/api/worklogs/?colour=red",
         "",
         422,
         {R"("pointer":"?colour")", "is not a known parameter"}},
        {"Refuses a query parameter of the wrong type",
         ada,
         "GET",
         "/api/worklogs/?page_size=many",
         "",
         422,
         {"page_size"}},
        {"Refuses pages of more than 100",
         ada,
         "GET",
         "/api/worklogs/?page_size=101",
         "",
         422,
         {"page_size"}},
        {"Refuses pages of none", ada, "GET", "/api/worklogs/?page_size=0", "", 422, {"page_size"}},
        {"Refuses pages of the audit of less than none",
         ada,
         "GET",
         "/api/tenant/audit/?page_size=-1",
         "",
         422,
         {"page_size"}},
        {"Refuses pages of the audit that are too long",
         ada,
         "GET",
         "/api/tenant/audit/?page_size=101",
         "",
         422,
         {"page_size"}},
        {"Refuses a broken escape in the query",
         ada,
         "GET",
         "/api/worklogs/?q=%zz",
         "",
         400,
         {"request.malformed_query"}},
        {"Refuses invalid UTF-8 in the query",
         ada,
         "GET",
         "/api/worklogs/?q=%ff",
         "",
         400,
         {"request.malformed_query"}},
        {"Refuses a NUL in the query", ada, "GET", "/api/worklogs/?q=a%00b", "", 422, {"q"}},
        {"Refuses a cursor that no list gave",
         ada,
         "GET",
         "/api/worklogs/?cursor=nonsense",
         "",
         400,
         {"request.malformed_cursor"}},
        {"Refuses a date in the query that is none",
         ada,
         "GET",
         "/api/worklogs/?from=2026-13-01",
         "",
         422,
         {"from"}},
        {"Names the methods of a path",
         ada,
         "DELETE",
         "/api/worklogs/",
         "",
         405,
         {"request.method_not_allowed"}},
        {"Answers HEAD as GET", ada, "HEAD", "/api/worklogs/", "", 200},
        {"Serves no other host",
         nobody,
         "GET",
         "/api/healthz/",
         "",
         421,
         {"request.wrong_host"},
         {},
         {{"host", "evil.example"}}},
        {"Serves its host with a port",
         nobody,
         "GET",
         "/api/healthz/",
         "",
         200,
         {R"("status":"ok")"},
         {},
         {{"host", "localhost:8000"}}},
        {"Tells anybody that it lives",
         nobody,
         "GET",
         "/api/healthz/",
         "",
         200,
         {R"({"status":"ok"})"}},
        {"Tells anybody that it is ready, and nothing of who works",
         nobody,
         "GET",
         "/api/readyz/",
         "",
         200,
         {R"("database")", R"("since":")"},
         {"workers", "queues"}},
        {"Tells its numbers", nobody, "GET", "/metrics", "", 200, {"api_requests_total"}},
        {"Shows its reference",
         nobody,
         "GET",
         "/api/openapi.json",
         "",
         200,
         {R"("openapi":"3.1.0")"}},
    };
}

}  // namespace

class Requests : public PromiseTest {};
TEST_P(Requests, AreAnsweredAsPromised) { keep(); }

INSTANTIATE_TEST_SUITE_P(
    Engines, Requests, promises({broken_bodies(), broken_paths()}), promise_name
);

class Conversations : public ProgramTest {};

TEST_P(Conversations, NameTheMethodsOfAPath) {
    auto refused = call("DELETE", "/api/worklogs/", ada);
    auto asked = call("OPTIONS", "/api/worklogs/", nobody);

    EXPECT_EQ(refused.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(asked.status, 204);
    EXPECT_EQ(asked.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(asked.body, "");
}

TEST_P(Conversations, KeepTheCorrelationIdOfTheCaller) {
    const std::string id = "2f1c8a52-6d1e-4c57-9a53-0d6f1f0b6a11";

    auto kept = call("GET", "/api/nothing/", nobody, "", {{"x-correlation-id", id}});
    auto replaced = call("GET", "/api/healthz/", nobody, "", {{"x-correlation-id", "not one"}});

    EXPECT_EQ(kept.header("X-Correlation-ID"), id);
    EXPECT_EQ(kept.text("/correlation_id"), id);
    EXPECT_NE(replaced.header("X-Correlation-ID"), "not one");
}

TEST_P(Conversations, BelongToTheTraceOfTheCallerWithAllTheyLeadTo) {
    const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
    const Headers traced{{"traceparent", "00-" + id + "-00f067aa0ba902b7-01"}};
    const Headers broken{{"traceparent", "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"}};

    auto made = call("POST", "/api/worklogs/", ada, R"({"content":"Wrote a parser."})", traced);
    auto job = call("GET", "/api/jobs/" + made.text("/job_ids/0") + "/", ada);
    auto untraced = call("POST", "/api/worklogs/", ada, R"({"content":"And a lexer."})", broken);
    auto other = call("GET", "/api/jobs/" + untraced.text("/job_ids/0") + "/", ada);

    EXPECT_THAT(made.header("traceparent"), testing::StartsWith("00-" + id + "-"));
    EXPECT_EQ(job.text("/trace_id"), id);
    EXPECT_EQ(job.header("traceparent"), "");
    EXPECT_EQ(untraced.status, 201);
    EXPECT_EQ(untraced.header("traceparent"), "");
    EXPECT_NE(other.text("/trace_id"), std::string(32, '0'));
    EXPECT_NE(other.text("/trace_id"), id);
}

TEST_P(Conversations, SendWhatTheCallerHasOnlyOnce) {
    auto location =
        call("POST", "/api/worklogs/", ada, R"({"content":"Wrote a parser."})").header("Location");
    auto first = call("GET", location, ada);

    auto same = call("GET", location, ada, "", {{"if-none-match", first.header("ETag")}});
    auto edited =
        call("PATCH", location, ada, R"({"title":"Parser"})", {{"if-match", first.header("ETag")}});
    auto changed = call("GET", location, ada, "", {{"if-none-match", first.header("ETag")}});

    EXPECT_THAT(first.header("ETag"), testing::StartsWith("\"1-"));
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");
    EXPECT_THAT(edited.header("ETag"), testing::StartsWith("\"2-"));
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.text("/title"), "Parser");
}

TEST_P(Conversations, LetTheFirstOfTwoEditorsWin) {
    auto location =
        call("POST", "/api/worklogs/", ada, R"({"content":"Wrote a lexer."})").header("Location");

    auto first = call("PATCH", location, ada, R"({"title":"first"})", {{"if-match", "\"1\""}});
    auto second = call("PATCH", location, ada, R"({"title":"second"})", {{"if-match", "\"1\""}});

    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(second.status, 412);
    EXPECT_EQ(call("GET", location, ada).text("/title"), "first");
}

TEST_P(Conversations, ReplayTheAnswerOfAKey) {
    const Headers keyed{{"idempotency-key", "importer-run-17"}};
    const auto* body = R"({"content":"Sent once."})";

    auto first = call("POST", "/api/worklogs/", ada, body, keyed);
    auto again = call("POST", "/api/worklogs/", ada, body, keyed);
    auto other = call("POST", "/api/worklogs/", ada, R"({"content":"Sent twice."})", keyed);
    auto of_bob = call("POST", "/api/worklogs/", bob, body, keyed);

    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Location"), first.header("Location"));
    EXPECT_EQ(again.header("ETag"), first.header("ETag"));
    EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.text("/code"), "idempotency.mismatch");
    EXPECT_EQ(of_bob.status, 201);
    EXPECT_NE(of_bob.text("/id"), first.text("/id"));
}

TEST_P(Conversations, RememberNoKeyOfARefusedRequest) {
    const Headers keyed{{"idempotency-key", "corrected"}};

    auto refused = call("POST", "/api/worklogs/", ada, R"({"content":""})", keyed);
    auto corrected = call("POST", "/api/worklogs/", ada, R"({"content":"Now right."})", keyed);

    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(corrected.status, 201) << corrected.body;
}

TEST_P(Conversations, TakeNoEndlessKey) {
    auto answer = call(
        "POST", "/api/worklogs/", ada, R"({"content":"a"})",
        {{"idempotency-key", std::string(201, 'k')}}
    );

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.text("/code"), "idempotency.too_long");
}

TEST_P(Conversations, TakeNoKeyThatIsNoText) {
    auto answer =
        call("POST", "/api/skills/recompute/", ada, {}, {{"idempotency-key", "a\xbf'\"("}});

    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.text("/code"), "idempotency.no_text");
}

INSTANTIATE_TEST_SUITE_P(Engines, Conversations, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
