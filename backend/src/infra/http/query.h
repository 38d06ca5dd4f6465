// Query strings into described structs, with the strictness of bodies: unknown or repeated parameters are errors.
#pragma once

#include "core/describe/reader.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace afterresume::http {

// Percent- and plus-decoded pairs in order. Throws Error(malformed) for broken escapes or UTF-8.
std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query);

// The JSON value that a parameter's text stands for, by the kind of field that takes it.
Json integer_parameter(const std::string& text);
Json boolean_parameter(const std::string& text);

template <class Member>
Json parameter_value(const std::string& text) {
    if constexpr (describe::optional_like<Member>) {
        return parameter_value<typename Member::value_type>(text);
    } else if constexpr (std::is_same_v<Member, bool>) {
        return boolean_parameter(text);
    } else if constexpr (std::is_integral_v<Member> || describe::id_like<Member>) {
        return integer_parameter(text);
    } else {
        return Json(text);
    }
}

template <describe::described_struct T>
T read_query(std::string_view query) {
    JsonObject object;
    for (auto& [name, text] : query_pairs(query)) {
        if (object.contains(name)) throw Error::invalid_fields({{"?" + name, "is given twice"}});
        object[name] = text;
    }
    describe::for_each_member<T>([&](std::string_view name, auto pointer) {
        using Member = std::remove_reference_t<decltype(std::declval<T&>().*pointer)>;
        if (auto* found = object.if_contains(name)) *found = parameter_value<Member>(std::string(found->as_string()));
    });
    return describe::from_json<T>(Json(std::move(object)));
}

}  // namespace afterresume::http
