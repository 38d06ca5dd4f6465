#include "fixture.h"
#include "places.h"

#include "api/openapi.h"
#include "app/composition.h"
#include "core/describe/reader.h"
#include "core/program.h"

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <sstream>

namespace afterresume::contract {

namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

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

bool has_id(const http::Route& route) { return route.pattern.find("{id}") != std::string::npos; }

std::string name_of(const http::Route& route) { return route.method + " " + route.pattern; }

std::string file_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

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

// What an answer says beyond or against its schema, as pointers; the part of JSON Schema that our
// documents use.
class Validator {
public:
    explicit Validator(const Json& document) : document_(document) {}

    std::vector<std::string> check(const Json& value, const Json& schema) {
        found_.clear();
        visit(value, schema, "");
        return found_;
    }

private:
    const Json& resolved(const Json& schema) const {
        const auto* reference = schema.as_object().if_contains("$ref");
        return reference != nullptr
                   ? document_.at_pointer(std::string_view(reference->as_string()).substr(1))
                   : schema;
    }
    static bool has_type(const Json& value, std::string_view type) {
        if (type == "null") return value.is_null();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_bool();
        if (type == "integer") return value.is_int64() || value.is_uint64();
        if (type == "number") return value.is_number();
        return type == "array" ? value.is_array() : value.is_object();
    }
    static bool fits_type(const Json& value, const Json& type) {
        if (type.is_string()) return has_type(value, type.as_string());
        return std::any_of(type.as_array().begin(), type.as_array().end(), [&](const Json& one) {
            return has_type(value, one.as_string());
        });
    }
    void visit(const Json& value, const Json& unresolved, const std::string& at) {
        const auto& schema = resolved(unresolved).as_object();
        for (const auto* list : {"anyOf", "oneOf"}) {
            if (const auto* choices = schema.if_contains(list))
                return visit_choice(value, choices->as_array(), at);
        }
        if (const auto* type = schema.if_contains("type");
            type != nullptr && !fits_type(value, *type))
            return found_.push_back(at + " has another type");
        if (value.is_array() && schema.contains("items")) {
            for (std::size_t i = 0; i < value.as_array().size(); ++i)
                visit(value.as_array()[i], schema.at("items"), fmt::format("{}/{}", at, i));
        }
        if (value.is_object()) visit_object(value.as_object(), schema, at);
    }
    void visit_choice(const Json& value, const boost::json::array& choices, const std::string& at) {
        for (const auto& choice : choices) {
            if (Validator(document_).check(value, choice).empty()) return;
        }
        found_.push_back(at + " fits no choice");
    }
    void visit_object(const JsonObject& object, const JsonObject& schema, const std::string& at) {
        const auto* properties = schema.if_contains("properties");
        const auto* rest = schema.if_contains("additionalProperties");
        auto open = rest == nullptr || !rest->is_bool() || rest->as_bool();
        for (const auto& pair : object) {
            const auto* known =
                properties != nullptr ? properties->as_object().if_contains(pair.key()) : nullptr;
            auto where = at + "/" + std::string(pair.key());
            if (known != nullptr) {
                visit(pair.value(), *known, where);
            } else if (!open) {
                found_.push_back(where + " is not described");
            } else if (rest != nullptr && rest->is_object()) {
                visit(pair.value(), *rest, where);
            }
        }
        if (const auto* required = schema.if_contains("required")) {
            for (const auto& name : required->as_array()) {
                if (!object.contains(name.as_string()))
                    found_.push_back(at + "/" + std::string(name.as_string()) + " is missing");
            }
        }
    }

    const Json& document_;
    std::vector<std::string> found_;
};

}  // namespace

class Routes : public ProgramTest {
protected:
    const http::Routes& routes() { return program().composition().gateway.routes(); }
    Json document() {
        return describe::parse_json(call("GET", "/api/openapi.json", Actor::nobody).body);
    }
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

    for (const auto& [path, operations] : json.at("paths").as_object()) {
        for (const auto& [method, operation] : operations.as_object()) {
            const auto& responses = operation.at("responses").as_object();
            if (responses.contains("204")) continue;
            const auto& success = responses.begin()->value().as_object();
            EXPECT_TRUE(success.contains("content")) << method << " " << path;
        }
    }
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
        const auto& success = json.at("paths")
                                  .at(route.pattern)
                                  .at("get")
                                  .at("responses")
                                  .as_object()
                                  .at("200")
                                  .as_object();
        const auto* content = success.if_contains("content");
        if (content == nullptr || !content->as_object().contains("application/json")) continue;
        if (!content->at("application/json").as_object().contains("schema")) continue;
        auto path = has_id(route) ? owned_by_ada(route.pattern).value() : route.pattern;
        auto answer = call("GET", path, Actor::ada);
        if (answer.status == 404) continue;
        EXPECT_EQ(answer.status, 200) << path << answer.body;
        EXPECT_THAT(
            validator.check(
                describe::parse_json(answer.body), content->at("application/json").at("schema")
            ),
            IsEmpty()
        ) << path;
        ++checked;
    }
    EXPECT_GT(checked, 25);
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
