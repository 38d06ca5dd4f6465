// Query strings into described structs, with the strictness of bodies: unknown or repeated
// parameters are errors.
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

// Parameters that are not given keep the member's default.
template <describe::described_struct T>
T read_query(std::string_view query) {
    T out{};
    describe::Findings findings;
    auto pairs = query_pairs(query);
    std::vector<bool> known(pairs.size());
    describe::for_each_member<T>([&](std::string_view name, auto pointer) {
        using Member = std::remove_reference_t<decltype(out.*pointer)>;
        auto where = "?" + std::string(name);
        bool seen = false;
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            if (pairs[i].first != name) continue;
            known[i] = true;
            if (std::exchange(seen, true)) findings.add(where, "is given twice");
            describe::read(parameter_value<Member>(pairs[i].second), out.*pointer, where, findings);
        }
        if (!seen || !findings.all().empty()) return;
        describe::visit_note(pointer, [&](const auto& note) {
            std::apply(
                [&](auto... limits) {
                    (describe::check_limit(out.*pointer, limits, where, findings), ...);
                },
                note.limits
            );
        });
    });
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (!known[i]) findings.add("?" + pairs[i].first, "is not a known parameter");
    }
    if (!findings.all().empty()) throw Error::invalid_fields(findings.take());
    return out;
}

}  // namespace afterresume::http
