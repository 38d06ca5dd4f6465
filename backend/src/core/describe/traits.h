// Which kinds of type the described world knows, and how a value of the small ones is written as
// text.
#pragma once

#include "core/clock.h"
#include "core/id.h"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace afterresume {

using Json = boost::json::value;
using JsonObject = boost::json::object;

// A JSON document that is passed on as it stands, without being understood.
struct RawJson {
    std::string text = "null";
};

// A list of T that is JSON already.
template <class T>
struct JsonList {
    using value_type = T;
    std::string text = "[]";
};

// A field of a PATCH body that may be cleared: absent (left alone), null (cleared) or a value
// (set).
template <class T>
struct Change {
    using value_type = T;

    bool present = false;
    std::optional<T> value;

    void apply_to(std::optional<T>& target) const {
        if (present) target = value;
    }
};

// A field of a PATCH body that cannot be cleared: absent (left alone) or a value (set).
template <class T>
struct Replacement {
    using value_type = T;

    std::optional<T> value;

    void apply_to(T& target) const {
        if (value) target = *value;
    }
};

// A T that is read later, so that a bad one spoils none of those beside it.
template <class T>
struct Unread {
    using value_type = T;

    Json value;
};

}  // namespace afterresume

namespace afterresume::describe {

template <class T>
concept described_struct = boost::describe::has_describe_members<T>::value && !std::is_enum_v<T>;
template <class T>
concept described_enum = boost::describe::has_describe_enumerators<T>::value;

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <template <class...> class Template, class... Args>
inline constexpr bool is_a<Template<Args...>, Template> = true;

template <class T>
concept change_like = is_a<T, Change> || is_a<T, Replacement>;
template <class T>
concept optional_like = is_a<T, std::optional> || change_like<T>;
template <class T>
concept list_like = is_a<T, std::vector>;
template <class T>
concept map_like = is_a<T, std::map>;
template <class T>
concept id_like = is_a<T, Id>;
template <class T>
concept json_like =
    std::is_same_v<T, Json> || std::is_same_v<T, JsonObject> || std::is_same_v<T, RawJson>;

// Public members, those of described bases included.
template <class T>
using members_of = boost::describe::describe_members<
    T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <class T, class Visit>
constexpr void for_each_member(Visit&& visit) {
    boost::mp11::mp_for_each<members_of<T>>([&](auto descriptor) {
        visit(descriptor.name, descriptor.pointer);
    });
}

template <described_enum E>
std::string_view name_of(E value) {
    return boost::describe::enum_to_string(value, "");
}

template <described_enum E>
std::optional<E> enum_named(std::string_view name) {
    E value{};
    if (boost::describe::enum_from_string(std::string(name).c_str(), value)) return value;
    return std::nullopt;
}

}  // namespace afterresume::describe
