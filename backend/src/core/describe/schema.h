// JSON Schema (the 2020-12 dialect that OpenAPI 3.1 uses) of described types.
#pragma once

#include "core/describe/notes.h"
#include "core/describe/traits.h"

#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <typeinfo>

namespace afterresume::describe {

// Collects the schemas of named types, so that each stands once and is referred to.
class Schemas {
public:
    template <class T>
    Json of();

    // "#/components/schemas/Name" → schema, in order of name.
    JsonObject components() const;

private:
    template <described_struct T>
    JsonObject object_of();

    std::map<std::string, JsonObject> named_;
};

// "afterresume::worklog::Entry" → "WorklogEntry", Item<Position> of the profile →
// "ProfilePositionItem": unique in the program, readable in a client.
std::string schema_name(const std::type_info& type);
void describe_limit(JsonObject& schema, length limit);
void describe_limit(JsonObject& schema, count limit);
void describe_limit(JsonObject& schema, range limit);
void describe_limit(JsonObject& schema, format limit);
void describe_limit(JsonObject& schema, one_of limit);
// Adds "null" to what a schema allows.
Json or_null(Json schema);

template <class Limit>
void describe_limit(JsonObject& schema, each<Limit> limit) {
    describe_limit(schema["items"].as_object(), limit.limit);
}

template <described_enum E>
JsonObject enum_schema() {
    boost::json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto descriptor) {
        names.emplace_back(descriptor.name);
    });
    return {{"type", "string"}, {"enum", std::move(names)}};
}

template <described_struct T>
JsonObject Schemas::object_of() {
    JsonObject properties;
    boost::json::array required;
    for_each_member<T>([&](std::string_view name, auto pointer) {
        using Member = std::remove_reference_t<decltype(std::declval<T&>().*pointer)>;
        auto schema = of<Member>();
        visit_note(pointer, [&](const auto& note) {
            auto& object = schema.as_object();
            object["description"] = note.sentence;
            std::apply([&](auto... limits) { (describe_limit(object, limits), ...); }, note.limits);
        });
        properties[name] = std::move(schema);
        constexpr bool may_lack = optional_like<Member> || list_like<Member> ||
                                  is_a<Member, JsonList> || map_like<Member> || json_like<Member>;
        if constexpr (!may_lack) required.emplace_back(name);
    });
    JsonObject object{
        {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}
    };
    if (!required.empty()) object["required"] = std::move(required);
    return object;
}

template <class T>
Json Schemas::of() {
    if constexpr (std::is_same_v<T, bool>) {
        return JsonObject{{"type", "boolean"}};
    } else if constexpr (std::is_integral_v<T> || id_like<T>) {
        return JsonObject{{"type", "integer"}, {"format", "int64"}};
    } else if constexpr (std::is_floating_point_v<T>) {
        return JsonObject{{"type", "number"}};
    } else if constexpr (std::is_same_v<T, Json> || std::is_same_v<T, RawJson>) {
        return JsonObject{};
    } else if constexpr (std::is_same_v<T, JsonObject>) {
        return JsonObject{{"type", "object"}};
    } else if constexpr (std::is_same_v<T, Uuid>) {
        return JsonObject{{"type", "string"}, {"format", "uuid"}};
    } else if constexpr (std::is_same_v<T, LocalDate>) {
        return JsonObject{{"type", "string"}, {"format", "date"}};
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        return JsonObject{{"type", "string"}, {"format", "date-time"}};
    } else if constexpr (is_a<T, std::optional> || is_a<T, Change>) {
        return or_null(of<typename T::value_type>());
    } else if constexpr (is_a<T, Replacement> || is_a<T, Unread>) {
        return of<typename T::value_type>();
    } else if constexpr (list_like<T> || is_a<T, JsonList>) {
        return JsonObject{{"type", "array"}, {"items", of<typename T::value_type>()}};
    } else if constexpr (map_like<T>) {
        return JsonObject{
            {"type", "object"}, {"additionalProperties", of<typename T::mapped_type>()}
        };
    } else if constexpr (described_enum<T>) {
        return enum_schema<T>();
    } else if constexpr (described_struct<T>) {
        auto name = schema_name(typeid(T));
        if (!named_.contains(name)) {
            named_[name];
            named_[name] = object_of<T>();
        }
        return JsonObject{{"$ref", "#/components/schemas/" + name}};
    } else {
        static_assert(
            std::is_convertible_v<const T&, std::string_view>, "a type on the wire is described"
        );
        return JsonObject{{"type", "string"}};
    }
}

}  // namespace afterresume::describe
