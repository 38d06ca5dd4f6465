#include "api/openapi.h"

#include "api/etags.h"
#include "api/openapi_parts.h"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <map>

namespace afterresume::api {

namespace {

using boost::json::array;
using boost::json::value;

// "/api/worklogs/{id}/" → "worklogs"
std::string tag_of(std::string_view pattern) {
    constexpr std::string_view prefix = "/api/";
    if (pattern.starts_with("/s/")) return "share";
    if (!pattern.starts_with(prefix)) return "system";
    pattern.remove_prefix(prefix.size());
    return std::string(pattern.substr(0, pattern.find('/')));
}

// "POST /api/worklogs/{id}/restore/" → "post_worklogs_id_restore"
std::string operation_id(const http::Route& route) {
    std::string out;
    for (char c : route.method) out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    std::string_view pattern = route.pattern;
    if (pattern.starts_with("/api/")) pattern.remove_prefix(4);
    bool between = true;
    for (char c : pattern) {
        auto plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (plain && between) out += '_';
        if (plain) out += c;
        between = !plain;
    }
    return out;
}

array path_parameters(std::string_view pattern) {
    array out;
    for (auto open = pattern.find('{'); open != std::string_view::npos;
         open = pattern.find('{', open + 1)) {
        auto close = pattern.find('}', open);
        auto name = pattern.substr(open + 1, close - open - 1);
        out.push_back(JsonObject{
            {"name", name},
            {"in", "path"},
            {"required", true},
            {"schema", JsonObject{{"type", "string"}}}
        });
    }
    return out;
}

// The query struct's schema is a reference; its properties become parameters.
void add_query(array& parameters, const Json& query, const describe::Schemas& schemas) {
    if (query.is_null()) return;
    auto all = schemas.components();
    std::string_view reference = query.as_object().at("$ref").as_string();
    const auto& schema = all.at(reference.substr(reference.rfind('/') + 1)).as_object();
    for (const auto& property : schema.at("properties").as_object()) {
        auto shape = property.value();
        JsonObject parameter{
            {"name", property.key()}, {"in", "query"}, {"required", false}, {"schema", shape}
        };
        if (auto* sentence = shape.as_object().if_contains("description"))
            parameter["description"] = *sentence;
        parameters.push_back(std::move(parameter));
    }
}

// Those that clients treat in a way of their own.
void add_refusals(JsonObject& responses, const http::Route& route) {
    if (has_etag(route)) responses["304"] = reference("responses", "Unchanged");
    if (needs_match(route)) {
        responses["412"] = reference("responses", "ChangedMeanwhile");
        responses["428"] = reference("responses", "IfMatchMissing");
    }
    if (!route.quiet) responses["429"] = reference("responses", "RateLimited");
}

JsonObject success_response(
    std::string_view when, const Json& body, const std::vector<std::string>& media_types = {}
) {
    JsonObject content;
    if (!body.is_null()) content["application/json"] = JsonObject{{"schema", body}};
    for (const auto& type : media_types) content[type] = JsonObject{};
    JsonObject response{{"description", when}};
    if (!content.empty()) response["content"] = std::move(content);
    return response;
}

// The handler's own result comes first.
JsonObject responses_of(const http::Route& route, const http::Operation& described) {
    auto success = success_response("Success", described.answer, route.media_types);
    if (has_etag(route) || (needs_match(route) && described.status == 200))
        success["headers"] = JsonObject{{"ETag", reference("headers", "ETag")}};
    JsonObject responses;
    responses[std::to_string(described.status)] = std::move(success);
    for (const auto& one : described.further)
        responses[std::to_string(one.status)] = success_response(one.when, one.body);
    add_refusals(responses, route);
    responses["default"] = problem_response("A problem, with a stable code");
    return responses;
}

JsonObject operation_of(const http::Route& route, describe::Schemas& schemas) {
    auto described = route.describe(schemas);
    if (route.open_body) described.body = schemas.of<JsonObject>();
    JsonObject operation{
        {"operationId", operation_id(route)},
        {"summary", route.summary},
        {"tags", array{value(tag_of(route.pattern))}}
    };
    auto parameters = path_parameters(route.pattern);
    add_query(parameters, described.query, schemas);
    if (route.staff && route.permission && route.method != "GET")
        parameters.push_back(csrf_parameter());
    if (route.takes_key()) parameters.push_back(key_parameter());
    if (needs_match(route)) parameters.push_back(match_parameter());
    if (has_etag(route)) parameters.push_back(none_match_parameter());
    if (!parameters.empty()) operation["parameters"] = std::move(parameters);
    if (!described.body.is_null()) {
        operation["requestBody"] = JsonObject{
            {"required", true},
            {"content", JsonObject{{"application/json", JsonObject{{"schema", described.body}}}}}
        };
    }
    operation["responses"] = responses_of(route, described);
    if (route.permission) {
        array security{JsonObject{{"bearer", array{}}}};
        if (route.staff) security.push_back(JsonObject{{"staff", array{}}});
        operation["security"] = std::move(security);
        operation["x-permission"] = describe::name_of(*route.permission);
    } else {
        operation["security"] = array{};
    }
    return operation;
}

}  // namespace

std::string openapi_document(const http::Routes& routes, std::string_view version) {
    describe::Schemas schemas;
    std::map<std::string, JsonObject> by_path;
    for (const auto& route : routes) {
        std::string method;
        for (char c : route.method) method += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        by_path[route.pattern][method] = operation_of(route, schemas);
    }
    JsonObject paths;
    for (auto& [pattern, operations] : by_path) paths[pattern] = std::move(operations);
    auto components = schemas.components();
    components["Problem"] = problem_schema();
    JsonObject document{
        {"openapi", "3.1.0"},
        {"info",
         JsonObject{
             {"title", "AfterResume"},
             {"version", version},
             {"license", JsonObject{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}
         }},
        {"paths", std::move(paths)},
        {"components",
         JsonObject{
             {"schemas", std::move(components)},
             {"responses", shared_responses()},
             {"headers", shared_headers()},
             {"securitySchemes",
              JsonObject{
                  {"bearer",
                   JsonObject{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
                  {"staff",
                   JsonObject{{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-staff"}}}
              }},
         }},
    };
    return boost::json::serialize(document);
}

}  // namespace afterresume::api
