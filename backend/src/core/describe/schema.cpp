#include "core/describe/schema.h"

#include <fmt/format.h>
#include <boost/core/demangle.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <limits>
#include <vector>

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

// The words of "afterresume::worklog::Entry" that say something, each with a capital.
std::vector<std::string> words_of(std::string_view qualified) {
    std::vector<std::string> out;
    while (!qualified.empty()) {
        auto end = std::min(qualified.find("::"), qualified.size());
        auto word = qualified.substr(0, end);
        if (word != "afterresume" && word != "std") out.push_back(capitalised(word));
        qualified.remove_prefix(std::min(end + 2, qualified.size()));
    }
    return out;
}

// A template is named after what it is made of: its room, the argument's own name, its own name.
std::string plain_name(std::string_view full) {
    auto open = std::min(full.find('<'), full.size());
    auto words = words_of(full.substr(0, open));
    auto own = words.back();
    words.pop_back();
    auto room = fmt::format("{}", fmt::join(words, ""));
    if (open == full.size()) return room + own;
    auto argument = plain_name(full.substr(open + 1, full.rfind('>') - open - 1));
    if (argument.starts_with(room)) argument.erase(0, room.size());
    return room + argument + own;
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
