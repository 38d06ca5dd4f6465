// Which kind of work an entry tells of, and how much that kind weighs in its impact.
#pragma once

#include "ai/agents/entry_analysis.h"
#include "ai/agents/statements.h"

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::agents {

// The type of a conventional commit decides; else tags and words that name a kind, counted; else
// the verb.
WorkCategory category_of(
    const EntryText& entry, const Statement& statement, const std::vector<ActionVerb>& verbs
);

// -5 (maintenance) to 8 (security, leadership).
std::int64_t weight_of(WorkCategory category);

// As a heading: "Features", "Fixes".
std::string_view heading_of(WorkCategory category);
// "feature", "features"; what a count is followed by.
std::string counted(std::size_t count, WorkCategory category);

}  // namespace afterresume::agents
