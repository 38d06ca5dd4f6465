// What a described struct says of its fields beyond their types: one sentence each, and limits. A
// slice writes
//     constexpr auto notes(CreateEntry*) { using namespace describe; return
//     std::tuple{note(&CreateEntry::content, "…", length{1, 20'000})}; }
// beside the struct; validation, OpenAPI and JSON Schema read it and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace afterresume::describe {

// Code points of a string.
struct length {
    std::size_t min;
    std::size_t max;
};
// Items of a list or map.
struct count {
    std::size_t min;
    std::size_t max;
};
// A number, both ends included.
struct range {
    std::int64_t min;
    std::int64_t max;
};
// A limit on every item of a list.
template <class Limit>
struct each {
    Limit limit;
};
template <class Limit>
each(Limit) -> each<Limit>;
// The JSON Schema format a string must have: "email", "uri" or "time-zone".
struct format {
    std::string_view name;
};

// One of these words, as "private, tenant": for words that are no identifiers.
struct one_of {
    std::string_view words;
};

template <class Owner, class Member, class... Limits>
struct Note {
    Member Owner::* member;
    std::string_view sentence;
    std::tuple<Limits...> limits;
};

template <class Owner, class Member, class... Limits>
constexpr auto note(Member Owner::* member, std::string_view sentence, Limits... limits) {
    return Note<Owner, Member, Limits...>{member, sentence, {limits...}};
}

// Types without notes have none.
constexpr std::tuple<> notes(const void*) { return {}; }

// Calls `visit` with the note of `member`, if there is one.
template <class Owner, class Member, class Visit>
constexpr void visit_note(Member Owner::* member, Visit&& visit) {
    std::apply(
        [&](const auto&... all) {
            auto try_one =
                [&]<class Other, class... Limits>(const Note<Owner, Other, Limits...>& one) {
                    if constexpr (std::is_same_v<Other, Member>) {
                        if (one.member == member) visit(one);
                    }
                };
            (try_one(all), ...);
        },
        notes(static_cast<Owner*>(nullptr))
    );
}

}  // namespace afterresume::describe
