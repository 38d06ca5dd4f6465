#include "sharing.h"

#include "app/composition.h"
#include "core/scope_mint.h"
#include "infra/single_use/testing.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

}  // namespace

class ShareLinks : public ProgramTest {
protected:
    void SetUp() override {
        ProgramTest::SetUp();
        if (!IsSkipped()) program().furnish();
    }
    Answer share(const std::string& more = "", Actor as = ada) {
        return call("POST", "/api/shares/", as, R"({"report_id":{ada.report})" + more + "}");
    }
    std::string token_of(const std::string& more = "") {
        auto made = share(more);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.text("/token");
    }
    Answer follow(const std::string& token, Actor as = nobody, const Headers& headers = {}) {
        return call("GET", "/api/share/" + token + "/", as, "", headers);
    }
    // All four ways to follow a link.
    std::vector<Answer> every_way(const std::string& token) {
        return {
            follow(token),
            call("POST", "/api/share/" + token + "/", nobody, R"({"password":"open sesame"})"),
            call("GET", "/s/" + token, nobody),
            call("POST", "/s/" + token, nobody, "password=open+sesame"),
        };
    }
    void expire(std::int64_t share) {
        Identity identity;
        identity.tenant = TenantId{call("GET", "/api/auth/me/", ada).number("/tenant_id")};
        EXPECT_TRUE(program().run(expired(ScopeMint::mint(identity), share)));
    }
    Task<bool> expired(Scope scope, std::int64_t share) {
        static constexpr sql::Statement statement{
            "test.expire",
            "UPDATE share_link SET expires_at = created_at WHERE tenant_id = :tenant_id AND id = "
            ":id"
        };
        auto tx = program().composition().database->begin(scope, sql::Access::write);
        auto changed = co_await tx->execute(statement, scope, sql::named("id", share));
        co_await tx->commit();
        co_return changed == 1;
    }
    Task<bool> asked(std::string path, std::map<int, int>& ends, single_use::Barrier& all) {
        http::Request request;
        request.method = "GET";
        request.set_target(path);
        request.headers.add("host", "localhost");
        request.remote_address = "127.0.0.1";
        auto response = co_await program().composition().gateway.handle(request);
        ends[response.status] += 1;
        co_await all.arrive();
        co_return true;
    }
    // Somebody of ada's tenant who may share, and their report.
    std::string another_makers_token() {
        auto code = call("POST", "/api/invitations/", ada, R"({"role":"member"})").text("/code");
        auto body = fmt::format(
            R"({{"email":"{}@example.org","password":"{}","display_name":"Dan","invitation":"{}"}})",
            code, password, code
        );
        program().set_token(
            carol, call("POST", "/api/auth/signup/", nobody, body).text("/access_token")
        );
        call("POST", "/api/worklogs/", carol, R"({"content":"Sold a pump."})");
        call("POST", "/api/reports/generate/", carol, R"({"kind":"weekly"})");
        program().work();
        auto report = call("GET", "/api/reports/", carol).number("/items/0/id");
        auto made =
            call("POST", "/api/shares/", carol, fmt::format(R"({{"report_id":{}}})", report));
        return made.text("/token");
    }
    std::string newest_member() {
        auto members = call("GET", "/api/tenant/members/?page_size=100", ada);
        return members.text(fmt::format("/items/{}/id", members.count("/items") - 1));
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, ShareLinks, sql::both_databases(), sql::dialect_name);

TEST_P(ShareLinks, ShowAReportToWhoeverHasThem) {
    auto made = share(R"(,"name":"For the agency")");
    auto token = made.text("/token");

    auto data = follow(token);
    auto page = call("GET", "/s/" + token, nobody);
    auto views = call("GET", made.header("Location") + "views/", ada);

    EXPECT_EQ(made.text("/link"), program().composition().public_url + "/s/" + token);
    EXPECT_EQ(data.status, 200);
    EXPECT_THAT(data.body, HasSubstr("importer"));
    EXPECT_THAT(data.body, Not(HasSubstr("For the agency")));
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, AllOf(HasSubstr("<!DOCTYPE html>"), HasSubstr("importer")));
    EXPECT_THAT(page.header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(views.count("/items"), 2U);
    EXPECT_EQ(call("GET", made.header("Location"), ada).number("/views"), 2);
}

TEST_P(ShareLinks, ThatAreWrongExpiredRevokedUsedUpOrOffGiveOneAnswer) {
    auto revoked = share();
    call("DELETE", revoked.header("Location"), ada, "", overwrite);
    auto run_out = share();
    expire(run_out.number("/share/id"));
    auto locked = share(R"(,"password":"open sesame")");
    call("DELETE", locked.header("Location"), ada, "", overwrite);
    auto used_up = token_of(R"(,"most_views":1)");
    ASSERT_EQ(follow(used_up).status, 200);

    auto wrong = every_way(std::string(43, 'A'));
    EXPECT_EQ(wrong[0].status, 404);
    EXPECT_EQ(wrong[2].status, 404);
    EXPECT_EQ(wrong[0].text("/code"), "request.not_found");
    for (const auto& token :
         {revoked.text("/token"), run_out.text("/token"), locked.text("/token"), used_up}) {
        auto answers = every_way(token);
        for (std::size_t i = 0; i < wrong.size(); ++i)
            EXPECT_EQ(said(answers[i]), said(wrong[i])) << i;
    }
}

TEST_P(ShareLinks, EndAtOnceWhenTheyAreRevoked) {
    auto made = share();
    ASSERT_EQ(follow(made.text("/token")).status, 200);

    EXPECT_EQ(call("DELETE", made.header("Location"), ada, "", overwrite).status, 204);

    EXPECT_EQ(follow(made.text("/token")).status, 404);
    EXPECT_EQ(call("DELETE", made.header("Location"), ada, "", overwrite).status, 404);
}

TEST_P(ShareLinks, ShowAtOnceWhatTheirMakerChanged) {
    auto made = share(R"(,"most_views":1)");
    auto link = made.header("Location");
    auto token = made.text("/token");
    ASSERT_EQ(follow(token).status, 200);
    ASSERT_EQ(follow(token).status, 404);

    auto blind = call("PATCH", link, ada, R"({"most_views":2})");
    auto stale = call("PATCH", link, ada, R"({"most_views":2})", {{"if-match", "\"7\""}});
    auto changed = call("PATCH", link, ada, R"({"most_views":2})", {{"if-match", "\"1\""}});

    EXPECT_EQ(blind.status, 428);
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.number("/version"), 2);
    EXPECT_EQ(follow(token).status, 200);
    EXPECT_EQ(follow(token).status, 404);
    EXPECT_EQ(call("PATCH", link, ada, R"({"expires_at":null})", overwrite).status, 422);
    EXPECT_EQ(call("PATCH", link, bob, R"({"most_views":9})", overwrite).status, 404);
}

TEST_P(ShareLinks, LoseNoViewToThoseWhoFetchThemBeforeAnybodyLooks) {
    auto made = share(R"(,"most_views":1)");
    auto page = "/s/" + made.text("/token");
    auto data = "/api/share/" + made.text("/token") + "/";
    auto views = [&] { return call("GET", made.header("Location"), ada).number("/views"); };

    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(call("HEAD", page, nobody).status, 200);
        EXPECT_EQ(call("HEAD", data, nobody).status, 200);
        auto door = call("GET", page, nobody);
        EXPECT_EQ(door.status, 200);
        EXPECT_EQ(call("HEAD", page, nobody).body, door.body);
        EXPECT_THAT(door.body, AllOf(HasSubstr("method=\"post\""), Not(HasSubstr("importer"))));
    }
    EXPECT_EQ(views(), 0);
    auto opened = call("POST", page, nobody);

    EXPECT_EQ(opened.status, 200);
    EXPECT_THAT(opened.body, Not(HasSubstr("method=\"post\"")));
    EXPECT_EQ(views(), 1);
    for (const auto* method : {"HEAD", "GET", "POST"})
        EXPECT_EQ(call(method, page, nobody).status, 404) << method;
}

TEST_P(ShareLinks, EndWithTheRightOfTheirMaker) {
    auto token = another_makers_token();
    auto member = "/api/tenant/members/" + newest_member() + "/";
    auto set = [&](const std::string& body) {
        EXPECT_EQ(call("PATCH", member, ada, body, overwrite).status, 200);
        return follow(token).status;
    };

    EXPECT_EQ(follow(token).status, 200);
    EXPECT_EQ(set(R"({"status":"suspended"})"), 404);
    EXPECT_EQ(set(R"({"status":"active"})"), 200);
    EXPECT_EQ(set(R"({"role":"read_only"})"), 404);
    EXPECT_EQ(set(R"({"role":"member"})"), 200);
    EXPECT_EQ(call("DELETE", member, ada, "", overwrite).status, 204);
    EXPECT_EQ(follow(token).status, 404);
}

TEST_P(ShareLinks, AreFollowedAlikeByWhoeverIsSignedInElsewhere) {
    auto token = token_of();
    auto as_nobody = said(follow(token));

    for (auto actor : {ada, bob, Actor::expired, Actor::forged, truncated})
        EXPECT_EQ(said(follow(token, actor)), as_nobody);
    EXPECT_EQ(said(follow(token, nobody, {{"cookie", "refresh_token=x; session=y"}})), as_nobody);
    EXPECT_EQ(follow(token).header("Set-Cookie"), "");
}

TEST_P(ShareLinks, AreNoSignIn) {
    auto token = token_of();
    program().set_token(ended_session, token);

    auto refused = call("GET", "/api/reports/{ada.report}/", ended_session);

    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.text("/code"), "accounts.not_signed_in");
}

TEST_P(ShareLinks, ShowNoWayToReachThePersonUnlessAllowed) {
    call(
        "PATCH", "/api/profile/", ada,
        R"({"name":"Ada","email":"ada.private@example.org","phone":"+49 30 123456"})", overwrite
    );
    call("POST", "/api/resume/refresh/", ada);
    program().work();
    auto resume = call("GET", "/api/resume/", ada).number("/id");
    auto link = [&](const char* contacts) {
        auto body = fmt::format(R"({{"report_id":{},"contacts":"{}"}})", resume, contacts);
        return call("POST", "/api/shares/", ada, body).text("/token");
    };

    auto hidden = link("hidden");
    auto shown = link("shown");

    for (const auto& answer : {follow(hidden), call("GET", "/s/" + hidden, nobody)}) {
        EXPECT_THAT(answer.body, HasSubstr("Ada"));
        EXPECT_THAT(answer.body, Not(HasSubstr("ada.private")));
        EXPECT_THAT(answer.body, Not(HasSubstr("123456")));
    }
    EXPECT_THAT(follow(shown).body, HasSubstr("ada.private@example.org"));
    EXPECT_THAT(call("GET", "/s/" + shown, nobody).body, HasSubstr("123456"));
}

TEST_P(ShareLinks, AskForTheirPasswordInABody) {
    auto token = token_of(R"(,"password":"open sesame")");

    auto asked = follow(token);
    auto by_query = call("GET", "/api/share/" + token + "/?password=open+sesame", nobody);
    auto wrong = call("POST", "/api/share/" + token + "/", nobody, R"({"password":"open barley"})");
    auto form = call("GET", "/s/" + token, nobody);
    auto right = every_way(token);

    EXPECT_EQ(asked.status, 403);
    EXPECT_EQ(asked.text("/code"), "sharing.password_needed");
    EXPECT_EQ(said(by_query), said(asked));
    EXPECT_EQ(said(wrong), said(asked));
    EXPECT_EQ(form.status, 403);
    EXPECT_THAT(form.body, HasSubstr("<form method=\"post\">"));
    EXPECT_EQ(right[1].status, 200) << right[1].body;
    EXPECT_EQ(right[3].status, 200);
    EXPECT_THAT(right[3].body, HasSubstr("importer"));
}

TEST_P(ShareLinks, AreForNoCacheAndNoIndexWhateverTheAnswer) {
    for (const auto& token : {token_of(), std::string("made-up")}) {
        for (const auto& answer : every_way(token)) {
            EXPECT_EQ(answer.header("Cache-Control"), "no-store");
            EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
            EXPECT_THAT(answer.header("X-Robots-Tag"), HasSubstr("noindex"));
            EXPECT_EQ(answer.header("ETag"), "");
        }
    }
}

TEST_P(ShareLinks, LeadNowhereByAnySuffix) {
    auto token = token_of();

    for (const auto* path :
         {"/s/{}/x.css", "/s/{}.css", "/s/{}%2Fx.css", "/s/{};x.css", "/api/share/{}/x.css",
          "/api/share/{}.css", "/s/{}//x.js"}) {
        auto answer = call("GET", fmt::format(fmt::runtime(path), token), nobody);
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_THAT(answer.body, Not(HasSubstr("importer"))) << path;
    }
    for (const auto* path :
         {"/api/shares/x.css", "/api/shares/{ada.share}/x.css", "/api/reports/{ada.report}/x.css",
          "/api/resume/x.css"})
        EXPECT_EQ(call("GET", path, ada).status, 404) << path;
}

TEST_P(ShareLinks, SendNobodyElsewhere) {
    auto token = token_of();
    const std::vector<std::string> before{
        "/s/",
        "/s//",
        "/s/" + token + "/",
        "/s/" + token + "/../",
        "/s/" + token + "/%2e%2e/%2e%2e/",
        "/s/" + token + "?next=",
        "/s/" + token + "?url=",
        "/api/share/",
        "/api/share/" + token + "/?redirect=",
        "/",
    };
    const std::vector<std::string> elsewhere{
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "https:evil.example",
        "https:%2f%2fevil.example",
        "%2f%2fevil.example",
        "%5c%5cevil.example",
        "%09//evil.example",
        "%0d%0aLocation:%20//evil.example",
        "evil.example%2f..",
        "@evil.example",
        "javascript:evil.example",
    };

    for (const auto& start : before) {
        for (const auto& end : elsewhere) {
            auto answer = call("GET", start + end, nobody);
            EXPECT_THAT(answer.status, testing::AnyOf(200, 400, 404)) << start << end;
            EXPECT_EQ(answer.header("Location"), "") << start << end;
            EXPECT_THAT(answer.body, Not(HasSubstr("evil.example"))) << start << end;
        }
    }
    auto made = call(
        "POST", "/api/shares/", ada, R"({"report_id":{ada.report}})",
        {{"x-forwarded-host", "evil.example"}}
    );
    EXPECT_THAT(made.text("/link"), Not(HasSubstr("evil.example")));
    EXPECT_EQ(follow(token, nobody, {{"host", "evil.example"}}).status, 421);
}

TEST_P(ShareLinks, CountNoMoreViewsThanMayBeHoweverManyComeAtOnce) {
    auto made = share(R"(,"most_views":10)");
    auto path = "/api/share/" + made.text("/token") + "/";
    std::map<int, int> ends;
    single_use::Barrier all(program().composition().io, single_use::many);

    for (int i = 1; i < single_use::many; ++i) {
        boost::asio::co_spawn(
            program().composition().io, asked(path, ends, all),
            [](std::exception_ptr failure, bool) {
                if (failure) std::rethrow_exception(failure);
            }
        );
    }
    program().run(asked(path, ends, all));

    EXPECT_THAT(ends, ElementsAre(Pair(200, 10), Pair(404, single_use::many - 10)));
    EXPECT_EQ(call("GET", made.header("Location"), ada).number("/views"), 10);
}

}  // namespace afterresume::contract
