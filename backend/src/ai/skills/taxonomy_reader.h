// Reads the taxonomy files: the small, strict subset of YAML they are written in, in one pass over
// the text. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "ai/skills/taxonomy.h"

namespace afterresume::skill_matching {

// Slug and kind are left for the caller to fill. Throws std::invalid_argument that names the line.
std::vector<Skill> read_skills(std::string_view yaml);

}  // namespace afterresume::skill_matching
