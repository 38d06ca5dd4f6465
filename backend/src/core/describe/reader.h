// Described values from JSON. Strict: unknown fields, wrong types and broken limits are errors, and
// all of them are collected with their JSON pointers before anything is thrown.
#pragma once

#include "core/describe/limits.h"

namespace afterresume::describe {

// Parses JSON text (RFC 8259, depth at most 64). Throws Error(malformed, "request.malformed_json").
Json parse_json(std::string_view text);

// The readers of single values; each adds to `findings` when it refuses.
void read_value(const Json& json, bool& out, const std::string& at, Findings& findings);
void read_value(const Json& json, std::int64_t& out, const std::string& at, Findings& findings);
void read_value(const Json& json, double& out, const std::string& at, Findings& findings);
// Whatever is JSON, but with NUL in no text and no name.
void read_value(const Json& json, Json& out, const std::string& at, Findings& findings);
void read_value(const Json& json, JsonObject& out, const std::string& at, Findings& findings);
void read_value(const Json& json, RawJson& out, const std::string& at, Findings& findings);
// Strings are valid UTF-8 without NUL and leave in NFC.
void read_value(const Json& json, std::string& out, const std::string& at, Findings& findings);
void read_value(const Json& json, LocalDate& out, const std::string& at, Findings& findings);
void read_value(const Json& json, Timestamp& out, const std::string& at, Findings& findings);
void read_value(const Json& json, Uuid& out, const std::string& at, Findings& findings);
void read_id(const Json& json, std::int64_t& out, const std::string& at, Findings& findings);

template <class T>
void read(const Json& json, T& out, const std::string& at, Findings& findings);

template <described_enum E>
void read_enum(const Json& json, E& out, const std::string& at, Findings& findings) {
    const auto* text = json.if_string();
    auto found = text != nullptr ? enum_named<E>(std::string_view(text->data(), text->size()))
                                 : std::nullopt;
    if (found) {
        out = *found;
        return;
    }
    std::string allowed;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto descriptor) {
        allowed += allowed.empty() ? "" : ", ";
        allowed += descriptor.name;
    });
    findings.add(at, "must be one of " + allowed);
}

template <described_struct T>
void read_members(const Json& json, T& out, const std::string& at, Findings& findings) {
    const auto* object = json.if_object();
    if (object == nullptr) return findings.add(at, "must be an object");
    std::size_t known = 0;
    for_each_member<T>([&](std::string_view name, auto pointer) {
        using Member = std::remove_reference_t<decltype(out.*pointer)>;
        const auto* found = object->if_contains(name);
        auto where = child_pointer(at, name);
        if (found == nullptr) {
            constexpr bool may_lack =
                optional_like<Member> || list_like<Member> || map_like<Member> || json_like<Member>;
            if constexpr (!may_lack) findings.add(where, "is missing");
            return;
        }
        ++known;
        auto before = findings.all().size();
        read(*found, out.*pointer, where, findings);
        if (findings.all().size() != before) return;
        visit_note(pointer, [&](const auto& note) {
            std::apply(
                [&](auto... limits) { (check_limit(out.*pointer, limits, where, findings), ...); },
                note.limits
            );
        });
    });
    if (known == object->size()) return;
    for (const auto& pair : *object) {
        bool named = false;
        for_each_member<T>([&](std::string_view name, auto) {
            named = named || name == std::string_view(pair.key());
        });
        if (!named) findings.add(child_pointer(at, pair.key()), "is not a known field");
    }
}

template <class T>
void read_list(const Json& json, std::vector<T>& out, const std::string& at, Findings& findings) {
    const auto* array = json.if_array();
    if (array == nullptr) return findings.add(at, "must be a list");
    out.clear();
    out.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
        T item{};
        read((*array)[i], item, fmt::format("{}/{}", at, i), findings);
        out.push_back(std::move(item));
    }
}

template <class T>
void read(const Json& json, T& out, const std::string& at, Findings& findings) {
    if constexpr (is_a<T, Unread>) {
        out.value = json;
    } else if constexpr (is_a<T, Change>) {
        out.present = true;
        read(json, out.value, at, findings);
    } else if constexpr (is_a<T, Replacement>) {
        read(json, out.value.emplace(), at, findings);
    } else if constexpr (is_a<T, std::optional>) {
        if (json.is_null()) {
            out.reset();
        } else {
            read(json, out.emplace(), at, findings);
        }
    } else if constexpr (list_like<T>) {
        read_list(json, out, at, findings);
    } else if constexpr (map_like<T>) {
        const auto* object = json.if_object();
        if (object == nullptr) return findings.add(at, "must be an object");
        for (const auto& pair : *object) {
            auto where = child_pointer(at, pair.key());
            std::string name;
            read_value(Json(pair.key()), name, where, findings);
            read(pair.value(), out[std::move(name)], where, findings);
        }
    } else if constexpr (id_like<T>) {
        read_id(json, out.value, at, findings);
    } else if constexpr (described_enum<T>) {
        read_enum(json, out, at, findings);
    } else if constexpr (described_struct<T>) {
        read_members(json, out, at, findings);
    } else {
        read_value(json, out, at, findings);
    }
}

// Throws Error(invalid, "request.invalid") with every finding.
template <class T>
T from_json(const Json& json) {
    T out{};
    Findings findings;
    read(json, out, "", findings);
    if (!findings.all().empty()) throw Error::invalid_fields(findings.take());
    return out;
}

template <class T>
T parse(std::string_view text) {
    return from_json<T>(parse_json(text));
}

}  // namespace afterresume::describe
