// Whether answers are what the OpenAPI document says of them.
#pragma once

#include "program.h"

#include "core/describe/reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace afterresume::contract {

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
    // Of an answer to what the document calls, for instance, "post" of "/api/auth/signup/": also
    // whether it names that status, and a body of that type or none.
    std::vector<std::string> check(
        const Answer& answer, std::string_view method, std::string_view pattern
    ) {
        const auto& responses =
            document_.at("paths").at(pattern).at(method).at("responses").as_object();
        const auto* described = responses.if_contains(std::to_string(answer.status));
        if (described == nullptr) return {"the status is not described"};
        const auto* content = described->as_object().if_contains("content");
        auto type = answer.header("Content-Type");
        if (content == nullptr)
            return type.empty() ? std::vector<std::string>{} : std::vector{"has a body of " + type};
        const auto* body = content->as_object().if_contains(type);
        if (body == nullptr) return {"has no such body: " + type};
        const auto* schema = body->as_object().if_contains("schema");
        if (schema == nullptr) return {};
        return check(describe::parse_json(answer.body), *schema);
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

}  // namespace afterresume::contract
