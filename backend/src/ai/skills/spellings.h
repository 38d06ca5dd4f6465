// The spellings under which a name may stand in a text, for the automaton. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ai/skills/taxonomy.h"

namespace afterresume::skill_matching {

// All folded: the name itself first, then without or with spaced dots and signs ("node js", "c #"),
// joined
// ("powerbi"), with the other of and/&, the other of -ize/-ise, and the singular of concepts.
// Plurals are not listed: the scan accepts them.
std::vector<std::string> spellings_of(std::string_view name, Kind kind);

}  // namespace afterresume::skill_matching
