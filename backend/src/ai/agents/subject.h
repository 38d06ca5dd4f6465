// The bare message of a commit subject, log line or heading: prefixes, ids and markers taken off.
#pragma once

#include "ai/agents/entry_analysis.h"

#include <optional>
#include <string>
#include <string_view>

namespace afterresume::agents {

struct Subject {
    std::string text;
    std::string type;   // conventional commit type, folded; empty when there is none
    std::string scope;  // conventional commit scope, or the "area:" before the message
};

Subject parse_subject(std::string_view line);

// The kind of work that a conventional commit type names; nullopt for unknown ones.
std::optional<WorkCategory> category_of_type(std::string_view type);

}  // namespace afterresume::agents
