// What happens to skills, for whoever follows.
#pragma once

#include "core/describe/traits.h"

namespace afterresume::skills {

struct SkillsChanged {
    static constexpr std::string_view event_name = "skills.changed";
    std::int64_t skills = 0;
};
BOOST_DESCRIBE_STRUCT(SkillsChanged, (), (skills))

struct RecomputeAsked {
    static constexpr std::string_view event_name = "skills.recompute_asked";
    std::int64_t entries = 0;
};
BOOST_DESCRIBE_STRUCT(RecomputeAsked, (), (entries))

}  // namespace afterresume::skills
