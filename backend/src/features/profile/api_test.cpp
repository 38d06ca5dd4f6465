#include "features/profile/api.h"
#include "features/profile/testing.h"

#include <gmock/gmock.h>

namespace afterresume::profile {
namespace {

using testing::HasSubstr;

// One call: method, route, the open part of its path, body, If-Match and query.
struct Wanted {
    std::string method;
    std::string pattern;
    std::string id = {};
    std::string body = {};
    std::string if_match = {};
    std::string query = {};
};

class ProfileApi : public OnProfiles {
protected:
    http::Response answer(const Scope& scope, const Wanted& wanted) {
        http::Request request;
        request.method = wanted.method;
        request.body = wanted.body;
        request.query = wanted.query;
        if (!wanted.if_match.empty()) request.headers.add("If-Match", wanted.if_match);
        http::Call call(request, home->database(), Uuid());
        http::Dispatch::set_scope(call, scope);
        if (!wanted.id.empty()) http::Dispatch::set_path(call, {wanted.id});
        auto& route = *std::find_if(routes.begin(), routes.end(), [&](auto& one) {
            return one.method == wanted.method && one.pattern == wanted.pattern;
        });
        auto access =
            route.transaction == http::Transaction::write ? sql::Access::write : sql::Access::read;
        http::Dispatch::begin(call, home->database().begin(scope, access));
        auto response = home->run(route.run(call));
        home->run(call.tx().commit());
        return response;
    }
    ErrorKind refusal(const Scope& scope, const Wanted& wanted) {
        return error_of([&] { answer(scope, wanted); }).kind();
    }
    static std::string header(const http::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return {};
    }
    // Of a new position, as its path has it.
    std::string a_position_id() {
        auto made = answer(
            ada(), {"POST", "/api/profile/work/", "", R"({"name":"Globex","start_date":"2021-04"})"}
        );
        return std::to_string(describe::parse_json(made.body).at("id").as_int64());
    }

    Api api{profiles, sections};
    http::Routes routes = api.routes();
};
INSTANTIATE_TEST_SUITE_P(Databases, ProfileApi, sql::both_databases(), sql::dialect_name);

TEST_P(ProfileApi, HasFiveRoutesForEachSection) {
    describe::Schemas schemas;

    for (const auto& route : routes) EXPECT_NO_THROW(route.describe(schemas)) << route.pattern;

    EXPECT_EQ(routes.size(), 4 + 5 * all_sections.size());
    EXPECT_TRUE(schemas.components().contains("ProfilePositionItem"));
}

TEST_P(ProfileApi, AnswersANewItemWithItsPlaceAndVersion) {
    auto made = answer(
        ada(), {"POST", "/api/profile/work/", "", R"({"name":"Globex","start_date":"2021-04"})"}
    );

    auto item = describe::parse_json(made.body);
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(
        header(made, "Location"), fmt::format("/api/profile/work/{}/", item.at("id").as_int64())
    );
    EXPECT_EQ(header(made, "ETag"), "\"1\"");
    EXPECT_EQ(item.at("start_date").as_string(), "2021-04");
}

TEST_P(ProfileApi, ReadsListsChangesAndDeletesAnItem) {
    auto id = a_position_id();

    auto changed = answer(
        ada(), {"PATCH", "/api/profile/work/{id}/", id, R"({"position":"Engineer"})", "\"1\""}
    );
    auto found = answer(ada(), {"GET", "/api/profile/work/{id}/", id});
    auto listed = answer(ada(), {"GET", "/api/profile/work/", "", "", "", "page_size=1"});
    auto gone = answer(ada(), {"DELETE", "/api/profile/work/{id}/", id, "", "\"2\""});

    EXPECT_EQ(header(changed, "ETag"), "\"2\"");
    EXPECT_EQ(found.body, changed.body);
    EXPECT_THAT(listed.body, HasSubstr(found.body));
    EXPECT_EQ(gone.status, 204);
    EXPECT_EQ(refusal(ada(), {"GET", "/api/profile/work/{id}/", id}), ErrorKind::not_found);
}

TEST_P(ProfileApi, WantsToKnowWhichVersionWasSeen) {
    auto id = a_position_id();

    EXPECT_EQ(
        refusal(ada(), {"PATCH", "/api/profile/work/{id}/", id, R"({"position":"X"})"}),
        ErrorKind::precondition_required
    );
    EXPECT_EQ(
        refusal(ada(), {"PATCH", "/api/profile/work/{id}/", id, R"({"position":"X"})", "\"7\""}),
        ErrorKind::precondition
    );
    EXPECT_EQ(
        refusal(ada(), {"DELETE", "/api/profile/work/{id}/", id}), ErrorKind::precondition_required
    );
    EXPECT_EQ(
        refusal(ada(), {"PATCH", "/api/profile/", "", R"({"name":"X"})"}),
        ErrorKind::precondition_required
    );
    EXPECT_EQ(
        refusal(ada(), {"PUT", "/api/profile/resume-json/", "", "{}"}),
        ErrorKind::precondition_required
    );
}

TEST_P(ProfileApi, RefusesBadBodies) {
    EXPECT_EQ(
        refusal(ada(), {"POST", "/api/profile/work/", "", R"({"start_date":"2021-02-30"})"}),
        ErrorKind::invalid
    );
    EXPECT_EQ(
        refusal(ada(), {"POST", "/api/profile/work/", "", R"({"title":"X"})"}), ErrorKind::invalid
    );
    EXPECT_EQ(
        refusal(ada(), {"POST", "/api/profile/work/", "", R"({"extra":{"a":"\u0000"}})"}),
        ErrorKind::invalid
    );
    EXPECT_EQ(
        refusal(ada(), {"PUT", "/api/profile/resume-json/", "", "{", "*"}), ErrorKind::malformed
    );
    EXPECT_EQ(
        refusal(ada(), {"PUT", "/api/profile/resume-json/", "", R"({"work":7})", "*"}),
        ErrorKind::invalid
    );
}

TEST_P(ProfileApi, DoesNotKnowWhatBelongsToOthers) {
    auto id = a_position_id();

    for (const auto* other : {&bob(), &colleague()}) {
        EXPECT_EQ(refusal(*other, {"GET", "/api/profile/work/{id}/", id}), ErrorKind::not_found);
        EXPECT_EQ(
            refusal(*other, {"PATCH", "/api/profile/work/{id}/", id, R"({"name":"X"})", "*"}),
            ErrorKind::not_found
        );
        EXPECT_EQ(
            refusal(*other, {"DELETE", "/api/profile/work/{id}/", id, "", "*"}),
            ErrorKind::not_found
        );
    }
    EXPECT_EQ(refusal(ada(), {"GET", "/api/profile/education/{id}/", id}), ErrorKind::not_found);
}

TEST_P(ProfileApi, GivesAndTakesJsonResume) {
    auto* document =
        R"({"work":[{"name":"Globex","startDate":"2021","x":1}],"meta":{"theme":"plain"}})";

    auto put = answer(ada(), {"PUT", "/api/profile/resume-json/", "", document, "\"1\""});
    auto got = answer(ada(), {"GET", "/api/profile/resume-json/"});
    auto head = answer(ada(), {"GET", "/api/profile/"});

    EXPECT_EQ(describe::parse_json(put.body), describe::parse_json(document));
    EXPECT_EQ(got.body, put.body);
    EXPECT_EQ(header(put, "ETag"), "\"2\"");
    EXPECT_EQ(header(got, "ETag"), header(head, "ETag"));
    EXPECT_EQ(describe::parse_json(head.body).at("counts").at("work").as_int64(), 1);
}

}  // namespace
}  // namespace afterresume::profile
