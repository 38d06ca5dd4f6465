#include "places.h"
#include "tabs.h"

#include "app/composition.h"

#include <set>

namespace afterresume::contract {

namespace {

using testing::StartsWith;

// A look at this moment, which may be another at the next: of what runs, and of the trail, which is
// sealed meanwhile and which its readers are written to.
const std::set<std::string> of_the_moment{
    "/system/overview/", "/system/workers/",      "/system/queues/",    "/system/acts/",
    "/system/audit/",    "/system/audit/verify/", "/api/tenant/audit/", "/api/tenant/audit/verify/",
    "/api/jobs/check/",  "/system/health/",
};

const std::vector<std::pair<std::string, std::string>> sections{
    {"awards", "title"},           {"certificates", "name"},  {"education", "institution"},
    {"interests", "name"},         {"languages", "language"}, {"projects", "name"},
    {"publications", "name"},      {"references", "name"},    {"skills", "name"},
    {"volunteer", "organization"},
};

}  // namespace

// Of one program, and of everything that ada can have.
class Versions : public TabsTest {
protected:
    void SetUp() override {
        TabsTest::SetUp();
        if (IsSkipped()) return;
        program().furnish();
        for (const auto& [section, field] : sections) {
            auto made = call(
                "POST", "/api/profile/" + section + "/", ada, R"({")" + field + R"(":"Something"})"
            );
            program().remember("ada." + section, made.text("/id"));
        }
        call("POST", "/api/tenant/export/", ada);
        call("POST", "/api/resume/refresh/", ada);
        program().work();
        program().remember(
            "ada.export", call("GET", "/api/tenant/exports/", ada).text("/items/0/id")
        );
    }
    const http::Routes& routes() { return program().composition().gateway.routes(); }
    static std::string path_of(const std::string& pattern) {
        for (const auto& [section, field] : sections) {
            if (pattern == "/api/profile/" + section + "/{id}/")
                return "/api/profile/" + section + "/{ada." + section + "}/";
        }
        if (!has_id(pattern)) return pattern;
        if (pattern == "/api/reports/{id}/diff/")
            return "/api/reports/{ada.report}/diff/?against={ada.report}";
        auto path = owned_by_ada(pattern);
        EXPECT_TRUE(path) << "say what ada owns at " << pattern;
        return path.value_or(pattern);
    }
    std::string etag(const std::string& path) { return call("GET", path, ada).header("ETag"); }
};

INSTANTIATE_TEST_SUITE_P(Engines, Versions, sql::both_databases(), sql::dialect_name);

TEST_P(Versions, AreToldByWhateverIsRead) {
    int unchanged = 0;

    for (const auto& route : routes()) {
        if (route.method != "GET" || route.quiet || route.strangers || !route.permission) continue;
        SCOPED_TRACE(route.pattern);
        auto path = path_of(route.pattern);
        auto first = call("GET", path, ada);
        ASSERT_EQ(first.status, 200) << first.body;
        EXPECT_NE(first.header("ETag"), "");
        if (of_the_moment.contains(route.pattern)) continue;
        auto same = call("GET", path, ada, "", {{"if-none-match", first.header("ETag")}});
        EXPECT_EQ(same.status, 304) << first.body << "\n" << same.body;
        EXPECT_EQ(same.body, "");
        EXPECT_EQ(same.header("ETag"), first.header("ETag"));
        ++unchanged;
    }

    EXPECT_GT(unchanged, 60);
}

TEST_P(Versions, AreAskedForByWhateverChanges) {
    auto document = describe::parse_json(call("GET", "/api/openapi.json", nobody).body).at("paths");
    int asked = 0;

    for (const auto& route : routes()) {
        if (route.method != "PATCH" && route.method != "PUT" && route.method != "DELETE") continue;
        SCOPED_TRACE(route.method + " " + route.pattern);
        auto method = route.method == "PATCH" ? "patch" : route.method == "PUT" ? "put" : "delete";
        EXPECT_THAT(
            describe::to_json(document.at(route.pattern).at(method).at("parameters")),
            testing::HasSubstr(R"("name":"If-Match")")
        );
        auto path = path_of(route.pattern);
        auto body = route.method == "DELETE" ? "" : "{}";
        auto blind = call(route.method, path, ada, body);
        auto stale = call(route.method, path, ada, body, {{"if-match", "\"4096\""}});
        EXPECT_EQ(blind.status, 428) << blind.body;
        EXPECT_EQ(blind.text("/code"), "request.if_match_missing");
        EXPECT_EQ(stale.status, 412) << stale.body;
        EXPECT_EQ(stale.text("/code"), "request.changed_meanwhile");
        ++asked;
    }

    EXPECT_GT(asked, 30);
}

TEST_P(Versions, OfAnAccountLetTheFirstOfTwoEditorsWin) {
    auto seen = etag("/api/auth/me/");

    auto first = call("PATCH", "/api/auth/me/", ada, R"({"locale":"de"})", {{"if-match", seen}});
    auto second = call("PATCH", "/api/auth/me/", ada, R"({"locale":"fr"})", {{"if-match", seen}});

    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.header("ETag"), etag("/api/auth/me/"));
    EXPECT_EQ(second.status, 412);
    EXPECT_EQ(call("GET", "/api/auth/me/", ada).text("/locale"), "de");
}

TEST_P(Versions, OfAMemberTellAlsoWhatThePersonChanged) {
    auto member = std::string("/api/tenant/members/{ada.member}/");
    auto seen = etag(member);

    call("PATCH", "/api/auth/me/", ada, R"({"display_name":"Ada King"})", overwrite);
    auto renamed = call("GET", member, ada, "", {{"if-none-match", seen}});
    auto changed = call("PATCH", member, ada, "{}", {{"if-match", seen}});

    EXPECT_EQ(renamed.status, 200);
    EXPECT_EQ(renamed.text("/display_name"), "Ada King");
    EXPECT_EQ(changed.status, 200) << changed.body;
}

TEST_P(Versions, OfAShareLinkStayWhileItIsFollowed) {
    auto made = call("POST", "/api/shares/", ada, R"({"report_id":{ada.report}})");
    auto link = made.header("Location");
    auto seen = etag(link);

    call("GET", "/api/share/" + made.text("/token") + "/", nobody);
    auto followed = call("GET", link, ada, "", {{"if-none-match", seen}});
    auto changed = call("PATCH", link, ada, R"({"name":"For Bob"})", {{"if-match", seen}});
    auto late = call("DELETE", link, ada, "", {{"if-match", seen}});

    EXPECT_THAT(seen, StartsWith("\"1-"));
    EXPECT_EQ(followed.status, 200);
    EXPECT_EQ(followed.number("/views"), 1);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(call("DELETE", link, ada, "", {{"if-match", etag(link)}}).status, 204);
}

TEST_P(Versions, OfAnInvitationEndWithItsUse) {
    auto made = call("POST", "/api/invitations/", ada, R"({"role":"member"})");
    auto place = made.header("Location");
    auto seen = etag(place);
    auto guest = sign_up("guest-of-versions@example.org");

    auto joined =
        by(guest, "POST", "/api/invitations/accept/",
           R"({"code":")" + made.text("/code") + R"("})");
    auto stale = call("DELETE", place, ada, "", {{"if-match", seen}});
    auto late = call("DELETE", place, ada, "", overwrite);

    EXPECT_EQ(joined.status, 200) << joined.body;
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(late.status, 404);
    EXPECT_EQ(call("GET", place, ada).number("/version"), 2);
}

TEST_P(Versions, OfWhatHasJustBeenMadeAreReadAtItsLocation) {
    for (const auto& [path, body, about] :
         std::vector<std::tuple<std::string, std::string, std::string>>{
             {"/api/invitations/", R"({"role":"member"})", "/invitation/id"},
             {"/api/auth/tokens/", R"({"name":"CLI","scopes":["read"]})", "/about/id"},
             {"/api/shares/", R"({"report_id":{ada.report}})", "/share/id"},
             {"/api/worklogs/", R"({"content":"Drew a diagram."})", "/id"},
         }) {
        SCOPED_TRACE(path);
        auto made = call("POST", path, ada, body);
        auto read = call("GET", made.header("Location"), ada);
        EXPECT_EQ(made.status, 201) << made.body;
        EXPECT_EQ(read.status, 200) << read.body;
        EXPECT_EQ(read.text("/id"), made.text(about));
        auto gone =
            call("DELETE", made.header("Location"), ada, "", {{"if-match", read.header("ETag")}});
        EXPECT_EQ(gone.status, 204) << gone.body;
    }
}

}  // namespace afterresume::contract
