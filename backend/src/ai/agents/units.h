// Units of measure and multipliers as people write them, English and German. Internal to the
// agents.
#pragma once

#include "ai/agents/quantities.h"

#include <optional>
#include <string_view>

namespace afterresume::agents {

struct Unit {
    std::string_view written;
    std::string_view canonical;
    Dimension dimension;
    double scale;  // to the dimension's own unit: seconds, bytes
};

// Nullptr for what is none. Units of one letter are known by their exact writing only.
const Unit* find_unit(std::string_view written);

// "k" is 1,000, "million" and "Mio" are 1,000,000.
std::optional<double> multiplier(std::string_view written);

}  // namespace afterresume::agents
