#include "core/describe/schema.h"

#include <boost/core/demangle.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <limits>

namespace afterresume::describe {

namespace {

std::string capitalised(std::string_view word) {
    std::string out;
    bool up = true;
    for (char c : word) {
        if (c == '_') {
            up = true;
            continue;
        }
        out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        up = false;
    }
    return out;
}

// The parts of a type's name that say something: namespaces below the program's own and the type
// itself.
std::string plain_name(std::string_view full) {
    std::string out;
    std::string word;
    auto close = [&] {
        if (!word.empty() && word != "afterresume" && word != "std") out += capitalised(word);
        word.clear();
    };
    for (char c : full) {
        auto part_of_word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (part_of_word) {
            word += c;
        } else {
            close();
        }
    }
    close();
    return out;
}

}  // namespace

JsonObject Schemas::components() const {
    JsonObject out;
    for (const auto& [name, schema] : named_) out[name] = schema;
    return out;
}

std::string schema_name(const std::type_info& type) {
    return plain_name(boost::core::demangle(type.name()));
}

void describe_limit(JsonObject& schema, length limit) {
    if (limit.min > 0) schema["minLength"] = limit.min;
    schema["maxLength"] = limit.max;
}

void describe_limit(JsonObject& schema, count limit) {
    if (limit.min > 0) schema["minItems"] = limit.min;
    schema["maxItems"] = limit.max;
}

void describe_limit(JsonObject& schema, range limit) {
    schema["minimum"] = limit.min;
    if (limit.max != std::numeric_limits<std::int64_t>::max()) schema["maximum"] = limit.max;
}

void describe_limit(JsonObject& schema, format limit) { schema["format"] = limit.name; }

void describe_limit(JsonObject& schema, one_of limit) {
    boost::json::array words;
    for (auto rest = limit.words; !rest.empty();) {
        auto comma = std::min(rest.find(", "), rest.size());
        words.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 2, rest.size()));
    }
    schema["enum"] = std::move(words);
}

Json or_null(Json schema) {
    auto& object = schema.as_object();
    if (auto* type = object.if_contains("type"); type != nullptr && type->is_string()) {
        *type = boost::json::array{*type, "null"};
        if (auto* names = object.if_contains("enum")) names->as_array().emplace_back(nullptr);
        return schema;
    }
    if (object.contains("$ref"))
        return JsonObject{{"anyOf", boost::json::array{schema, JsonObject{{"type", "null"}}}}};
    return schema;
}

}  // namespace afterresume::describe
