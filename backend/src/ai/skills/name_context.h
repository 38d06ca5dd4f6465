// Whether the surroundings of an ambiguous name ("Go", "C", "Spring") speak for the skill. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ai/skills/taxonomy.h"

namespace afterresume::skill_matching {

enum class Certainty : std::uint8_t {
    doubtful,  // the letters are there, the context is not
    settled,   // an ambiguous name whose context speaks for it
    plain,     // a name that means one thing
};

struct NameHit {
    std::uint32_t start;  // byte offsets into the text
    std::uint32_t end;
    std::uint32_t skill;  // index in the taxonomy
    Certainty certainty;
};

// Settles those doubtful hits for which one of these holds: the name is marked as code; it stands
// in a list next to another tool; or, when the letter case is right, another tool or one of the
// skill's `near` words stands nearby.
void settle_by_context(std::string_view text, const Taxonomy& taxonomy, std::vector<NameHit>& hits);

}  // namespace afterresume::skill_matching
