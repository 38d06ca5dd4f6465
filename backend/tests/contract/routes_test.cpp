#include "fixture.h"
#include "places.h"
#include "validator.h"

#include "api/openapi.h"
#include "app/composition.h"
#include "core/describe/reader.h"
#include "core/program.h"

#include <set>

namespace afterresume::contract {

namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// What people do for themselves, beside all below /api/auth/, and what asks for an owner by itself.
const std::set<std::string> of_oneself{
    "POST /api/tenants/",        "POST /api/tenant/leave/",
    "POST /api/tenant/restore/", "POST /api/invitations/accept/",
    "POST /system/auth/logout/",
};

// Whatever may be called by anybody, on purpose.
const std::set<std::string> public_routes{
    "POST /api/auth/signup/",
    "POST /api/auth/signup/confirm/",
    "POST /api/auth/login/",
    "POST /api/auth/mfa/",
    "POST /api/auth/token/refresh/",
    "POST /api/auth/email/verify/",
    "POST /api/auth/password/forgot/",
    "POST /api/auth/password/reset/",
    "POST /api/tenants/switch/",
    "GET /api/invitations/check/",
    "GET /api/healthz/",
    "GET /api/readyz/",
    "GET /metrics",
    "GET /api/openapi.json",
    "GET /api/docs/",
    "GET /api/docs/{file}",
    "GET /api/share/{token}/",
    "POST /api/share/{token}/",
    "GET /s/{token}",
    "POST /s/{token}",
    "POST /system/auth/login/",
    "POST /system/auth/mfa/",
};

std::string name_of(const http::Route& route) { return route.method + " " + route.pattern; }

template <class Visit>
void each_object(const Json& json, const Visit& visit) {
    if (const auto* object = json.if_object()) {
        visit(*object);
        for (const auto& pair : *object) each_object(pair.value(), visit);
    }
    if (const auto* array = json.if_array()) {
        for (const auto& item : *array) each_object(item, visit);
    }
}

}  // namespace

class Routes : public ProgramTest {
protected:
    const http::Routes& routes() { return program().composition().gateway.routes(); }
    Json document() { return describe::parse_json(call("GET", "/api/openapi.json", nobody).body); }
};

TEST_P(Routes, SayWhatTheyAreFor) {
    for (const auto& route : routes()) {
        EXPECT_NE(route.summary, "") << name_of(route);
        EXPECT_FALSE(route.summary.ends_with('.')) << name_of(route);
        EXPECT_TRUE(
            route.pattern.ends_with('/') || route.pattern.find('.') != std::string::npos ||
            route.pattern == "/metrics" || route.pattern.ends_with('}')
        ) << name_of(route);
    }
}

TEST_P(Routes, NeedAPermissionUnlessTheyAreListedAsPublic) {
    std::set<std::string> open;
    for (const auto& route : routes()) {
        if (!route.permission) open.insert(name_of(route));
    }

    for (const auto& name : open) EXPECT_THAT(public_routes, Contains(name));
    for (const auto& route : routes()) {
        if (route.method != "GET" && route.permission && !route.pattern.starts_with("/api/auth/") &&
            !of_oneself.contains(name_of(route)))
            EXPECT_NE(*route.permission, Permission::read) << name_of(route);
    }
}

TEST_P(Routes, CountGuessesOfPasswordsAndCodes) {
    std::set<std::string> guarded;
    for (const auto& route : routes()) {
        if (route.guarded) guarded.insert(name_of(route));
    }

    EXPECT_THAT(
        guarded, testing::IsSupersetOf(
                     {"POST /api/auth/login/", "POST /api/auth/mfa/", "POST /api/auth/signup/",
                      "POST /api/auth/signup/confirm/", "GET /api/invitations/check/",
                      "POST /api/invitations/accept/", "POST /api/auth/email/verify/",
                      "POST /api/auth/password/forgot/", "POST /api/auth/password/reset/",
                      "POST /api/share/{token}/", "POST /s/{token}", "POST /system/auth/login/",
                      "POST /system/auth/mfa/"}
                 )
    );
}

TEST_P(Routes, AreAllInTheDocument) {
    auto json = document();

    std::size_t operations = 0;
    for (const auto& path : json.at("paths").as_object())
        operations += path.value().as_object().size();
    EXPECT_EQ(operations, routes().size());
    EXPECT_EQ(json.at("openapi"), Json("3.1.0"));
    for (const auto& route : routes())
        EXPECT_TRUE(json.at("paths").as_object().contains(route.pattern)) << route.pattern;
}

TEST_P(Routes, AreDescribedWithoutDanglingReferences) {
    auto json = document();

    int references = 0;
    each_object(json, [&](const JsonObject& object) {
        const auto* reference = object.if_contains("$ref");
        if (reference == nullptr || !reference->is_string()) return;
        ++references;
        std::string_view text = reference->as_string();
        boost::system::error_code failure;
        ASSERT_TRUE(text.starts_with("#/")) << text;
        EXPECT_NE(json.find_pointer(text.substr(1), failure), nullptr) << text;
    });
    EXPECT_GT(references, 50);
}

TEST_P(Routes, HaveNamesOfTheirOwnAndDescribedBodies) {
    auto json = document();

    std::set<std::string> ids;
    for (const auto& route : routes()) {
        std::string method = route.method;
        std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        const auto& operation = json.at("paths").at(route.pattern).at(method).as_object();
        EXPECT_TRUE(ids.insert(std::string(operation.at("operationId").as_string())).second)
            << name_of(route);
        if (route.method == "PATCH" || route.method == "PUT")
            EXPECT_TRUE(operation.contains("requestBody")) << name_of(route);
        if (route.pattern.find('{') != std::string::npos)
            EXPECT_TRUE(operation.contains("parameters")) << name_of(route);
    }
}

TEST_P(Routes, SayWhatTheyAnswer) {
    auto json = document();
    std::vector<std::string> further;

    for (const auto& [path, operations] : json.at("paths").as_object()) {
        for (const auto& [method, operation] : operations.as_object()) {
            bool is_first = true;
            for (const auto& [status, response] : operation.at("responses").as_object()) {
                if (!status.starts_with('2')) continue;
                auto what =
                    std::string(method) + " " + std::string(path) + " " + std::string(status);
                EXPECT_EQ(response.as_object().contains("content"), status != "204") << what;
                if (!is_first) further.push_back(what);
                is_first = false;
            }
        }
    }
    EXPECT_THAT(
        further,
        UnorderedElementsAre("get /api/jobs/{id}/events/ 204", "post /api/auth/signup/ 202")
    );
    const auto& exported =
        json.at("paths").at("/api/reports/{id}/export/").at("get").at("responses");
    EXPECT_THAT(
        describe::to_json(exported.at("200").at("content")),
        AllOf(HasSubstr("application/pdf"), HasSubstr("text/markdown"), HasSubstr("text/html"))
    );
}

TEST_P(Routes, SayWhichVersionsTheyWantAndHowOftenTheyMayBeAsked) {
    auto json = document();

    const auto& changes = json.at("paths").at("/api/worklogs/{id}/").at("patch");
    const auto& reads = json.at("paths").at("/api/worklogs/{id}/").at("get");
    EXPECT_THAT(
        describe::to_json(changes.at("parameters")),
        HasSubstr(R"("name":"If-Match","in":"header","required":true)")
    );
    EXPECT_THAT(describe::to_json(reads.at("parameters")), HasSubstr(R"("name":"If-None-Match")"));
    for (const auto* status : {"200", "412", "428", "429"})
        EXPECT_TRUE(changes.at("responses").as_object().contains(status)) << status;
    for (const auto* operation : {&changes, &reads})
        EXPECT_TRUE(operation->at("responses").at("200").at("headers").as_object().contains("ETag")
        );
    EXPECT_TRUE(reads.at("responses").as_object().contains("304"));
    EXPECT_FALSE(reads.at("responses").as_object().contains("412"));
    EXPECT_THAT(
        describe::to_json(json.at("components").at("responses").at("RateLimited")),
        AllOf(HasSubstr("RateLimit-Remaining"), HasSubstr("Retry-After"))
    );
    const auto& health = json.at("paths").at("/api/healthz/").at("get").at("responses");
    EXPECT_FALSE(health.as_object().contains("429"));
    EXPECT_FALSE(health.as_object().contains("304"));
}

TEST_P(Routes, NameTheirSchemasForReaders) {
    auto json = document();
    const auto& schemas = json.at("components").at("schemas").as_object();

    for (const auto& schema : schemas) {
        EXPECT_THAT(std::string(schema.key()), testing::MatchesRegex("[A-Z][A-Za-z0-9]*"));
    }
    EXPECT_TRUE(schemas.contains("ProfilePositionItem"));
    EXPECT_TRUE(schemas.contains("AccountsSignedIn"));
}

TEST_P(Routes, AnswerAsTheirSchemasSay) {
    program().furnish();
    auto json = document();
    Validator validator(json);
    int checked = 0;

    for (const auto& route : routes()) {
        if (route.method != "GET" || !route.permission) continue;
        const auto& answers = json.at("paths").at(route.pattern).at("get").at("responses");
        const auto* content = answers.at("200").as_object().if_contains("content");
        if (content == nullptr || !content->as_object().contains("application/json")) continue;
        if (!content->at("application/json").as_object().contains("schema")) continue;
        auto path = has_id(route.pattern) ? owned_by_ada(route.pattern).value() : route.pattern;
        auto answer = call("GET", path, ada);
        if (answer.status == 404) continue;
        EXPECT_EQ(answer.status, 200) << path << answer.body;
        EXPECT_THAT(validator.check(answer, "get", route.pattern), IsEmpty()) << path;
        ++checked;
    }
    EXPECT_GT(checked, 25);
}

TEST_P(Routes, AnswerAsTheySayWhoHasHeardAllOfAJob) {
    program().furnish();
    auto json = document();
    const Headers heard{{"accept", "text/event-stream"}, {"last-event-id", "1000"}};

    auto followed = call("GET", "/api/jobs/{ada.job}/events/", ada, "", heard);

    EXPECT_EQ(followed.status, 204) << followed.body;
    EXPECT_THAT(Validator(json).check(followed, "get", "/api/jobs/{id}/events/"), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Routes, sql::both_databases(), sql::dialect_name);

// tools/regenerate writes these anew.
TEST(WrittenDocuments, AreWhatTheProgramPrints) {
    Program program(sql::Dialect::sqlite);
    const auto& routes = program.composition().gateway.routes();

    EXPECT_EQ(
        file_text("../docs/openapi.json"), api::openapi_document(routes, program_version) + "\n"
    );
    EXPECT_EQ(file_text("../docs/configuration.md"), config::configuration_markdown());
    EXPECT_EQ(file_text("../.env.example"), config::env_example());
}

}  // namespace afterresume::contract
