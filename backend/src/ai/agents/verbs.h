// What people do at work: action verbs with their tenses, the kind of work they tell of, and how
// much they claim. A constant table; English, with the German perfect of the commonest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace afterresume::agents {

enum class VerbKind : std::uint8_t {
    built,
    fixed,
    improved,
    removed,
    led,
    designed,
    wrote,
    tested,
    operated,
    learned,
    analysed,
    met,
    sold,
    taught,
    did
};
enum class Change : std::uint8_t { none, up, down };
enum class VerbForm : std::uint8_t { base, third_person, past, gerund };

struct Verb {
    std::string_view lemma;
    std::string_view past;  // empty when regular
    VerbKind kind;
    std::uint8_t strength;  // 1 routine, 2 solid, 3 strong
    Change change;
    bool ambiguous;  // as often a noun: "log", "release", "design"
};

struct FoundVerb {
    const Verb* verb;
    VerbForm form;
};

std::optional<FoundVerb> find_verb(std::string_view word);

// "written", "taken": found as past, but not what follows "I".
bool is_participle(std::string_view folded);

std::string past_of(const Verb& verb);
std::string gerund_of(const Verb& verb);

}  // namespace afterresume::agents
