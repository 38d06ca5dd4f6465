#include "places.h"
#include "promise.h"

#include "app/composition.h"

#include <fmt/format.h>

namespace afterresume::contract {

namespace {

struct Badge {
    std::string sentence;
    Actor actor;
};

std::vector<Promise> bad_badges() {
    const std::vector<Badge> badges{
        {"no token", nobody},
        {"an expired token", expired},
        {"a forged token", forged},
        {"a truncated token", truncated},
        {"a token for another audience", wrong_audience},
        {"the token of an ended session", ended_session},
    };
    std::vector<Promise> rows;
    for (const auto& badge : badges) {
        rows.push_back(
            {"Reads nothing to " + badge.sentence,
             badge.actor,
             "GET",
             "/api/worklogs/{ada.entry}/",
             "",
             401,
             {"accounts.not_signed_in"},
             {"importer"}}
        );
        rows.push_back(
            {"Writes nothing for " + badge.sentence, badge.actor, "POST", "/api/worklogs/",
             R"({"content":"a"})", 401}
        );
    }
    return rows;
}

std::vector<Promise> readers() {
    return {
        {"Lets a reader sign in", carol, "GET", "/api/auth/me/", "", 200, {R"("role":"read_only")"}
        },
        {"Lets a reader list", carol, "GET", "/api/worklogs/", "", 200},
        {"Lets a reader write nothing",
         carol,
         "POST",
         "/api/worklogs/",
         R"({"content":"a"})",
         403,
         {"request.not_permitted"}},
        {"Lets a reader invite nobody", carol, "POST", "/api/invitations/",
         R"({"role":"read_only"})", 403},
        {"Lets a reader see no audit", carol, "GET", "/api/tenant/audit/", "", 403},
        {"Tells a reader nothing more of a body", carol, "POST", "/api/worklogs/", "{", 403},
        {"Shows a private entry to no other member",
         carol,
         "GET",
         "/api/worklogs/{ada.entry}/",
         "",
         404,
         {},
         {"importer"}},
    };
}

}  // namespace

class Strangers : public PromiseTest {};
TEST_P(Strangers, AreKeptOut) { keep(); }

INSTANTIATE_TEST_SUITE_P(Engines, Strangers, promises({bad_badges(), readers()}), promise_name);

class Tenants : public ProgramTest {
protected:
    void SetUp() override {
        ProgramTest::SetUp();
        if (IsSkipped()) return;
        program().furnish();
        call("POST", "/api/tenant/export/", ada);
        program().work();
        auto exports = call("GET", "/api/tenant/exports/", ada);
        program().remember("ada.export", exports.text("/items/0/id"));
    }
    const http::Routes& routes() { return program().composition().gateway.routes(); }
    std::string everything_of_ada() {
        std::string all;
        for (const auto* path :
             {"/api/worklogs/?page_size=100", "/api/skills/?hidden=true&page_size=100",
              "/api/reports/", "/api/invitations/", "/api/profile/resume-json/",
              "/api/auth/tokens/", "/api/shares/"}) {
            all += call("GET", path, ada).body;
        }
        return all;
    }
};

TEST_P(Tenants, ShareNothingByAnyRouteWithAnId) {
    auto before = everything_of_ada();

    for (const auto& route : routes()) {
        if (!has_id(route.pattern)) continue;
        auto path = owned_by_ada(route.pattern);
        ASSERT_TRUE(path) << "say what ada owns at " << route.pattern;
        SCOPED_TRACE(route.method + " " + route.pattern);
        auto answer = call(
            route.method, *path, bob, route.method == "GET" || route.method == "DELETE" ? "" : "{}",
            overwrite
        );
        EXPECT_EQ(answer.status, 404) << answer.body;
    }

    EXPECT_EQ(everything_of_ada(), before);
}

TEST_P(Tenants, AnswerForAnothersThingAsForNone) {
    auto other = call("GET", "/api/worklogs/{ada.entry}/", bob);
    auto none = call("GET", "/api/worklogs/424242424242/", bob);

    EXPECT_EQ(other.text("/code"), none.text("/code"));
    EXPECT_EQ(other.text("/detail"), none.text("/detail"));
}

TEST_P(Tenants, ListNothingOfOneAnother) {
    for (const auto& route : routes()) {
        if (route.method != "GET" || !route.permission || has_id(route.pattern)) continue;
        SCOPED_TRACE(route.pattern);
        auto answer = call("GET", route.pattern, bob);
        EXPECT_THAT(
            answer.body, testing::Not(testing::AnyOf(
                             testing::HasSubstr("importer"), testing::HasSubstr("Beekeeping"),
                             testing::HasSubstr("Analytical Engines")
                         ))
        );
    }
}

TEST_P(Tenants, TakeNobodyIntoAnotherByTheIdsInABody) {
    auto merged =
        call("POST", "/api/skills/merge/", bob, R"({"into":{ada.skill},"from":[{ada.skill}]})");
    auto found = call("GET", "/api/worklogs/?position_id={ada.work}&show=shared", bob);

    EXPECT_EQ(merged.status, 404) << merged.body;
    EXPECT_EQ(found.count("/items"), 0U);
}

TEST_P(Tenants, NeedASignInOnEveryRouteThatNamesAPermission) {
    for (const auto& route : routes()) {
        if (!route.permission) continue;
        SCOPED_TRACE(route.method + " " + route.pattern);
        auto path = has_id(route.pattern) ? owned_by_ada(route.pattern).value_or(route.pattern)
                                          : route.pattern;
        EXPECT_EQ(call(route.method, path, nobody, "{}").status, 401);
    }
}

TEST_P(Tenants, LetAReaderWriteByNoRoute) {
    for (const auto& route : routes()) {
        if (!route.permission || *route.permission == Permission::read) continue;
        SCOPED_TRACE(route.method + " " + route.pattern);
        auto path = has_id(route.pattern) ? owned_by_ada(route.pattern).value_or(route.pattern)
                                          : route.pattern;
        EXPECT_EQ(call(route.method, path, carol, "{}", overwrite).status, route.staff ? 404 : 403);
    }
}

TEST_P(Tenants, SeeNothingOfTheInstallation) {
    auto nothing = call("GET", "/system/nothing/", bob);
    int staff_routes = 0;

    for (const auto& route : routes()) {
        // Operators sign in there as anybody.
        if (!route.staff || !route.permission) continue;
        ++staff_routes;
        SCOPED_TRACE(route.method + " " + route.pattern);
        auto path = has_id(route.pattern) ? owned_by_ada(route.pattern).value() : route.pattern;
        auto answer = call(route.method, path, bob, route.method == "GET" ? "" : "{}");
        EXPECT_EQ(answer.status, 404);
        EXPECT_EQ(answer.text("/code"), nothing.text("/code"));
        EXPECT_EQ(answer.text("/detail"), nothing.text("/detail"));
    }
    EXPECT_GT(staff_routes, 0);
}

TEST_P(Tenants, ShareAnEntryWithinTheTenantWhenItsAuthorSaysSo) {
    auto location = call(
                        "POST", "/api/worklogs/", ada,
                        R"({"content":"Taught a workshop.","visibility":"tenant"})"
    )
                        .header("Location");

    auto of_carol = call("GET", location, carol);
    auto of_bob = call("GET", location, bob);
    auto shared = call("GET", "/api/worklogs/?show=shared", carol);

    EXPECT_EQ(of_carol.status, 200);
    EXPECT_EQ(of_bob.status, 404);
    EXPECT_EQ(shared.text("/items/0/content"), "Taught a workshop.");
    call("DELETE", location, ada, "", overwrite);
}

INSTANTIATE_TEST_SUITE_P(Engines, Tenants, sql::both_databases(), sql::dialect_name);

}  // namespace afterresume::contract
