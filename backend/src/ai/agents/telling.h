// Entries told as lines: phrased, with their results, ranked and without repetitions. Internal to
// the composing agents; points into the entries it was made from.
#pragma once

#include "ai/agents/logged_entry.h"
#include "ai/agents/statements.h"
#include "ai/agents/text.h"

#include <span>
#include <string>
#include <vector>

namespace afterresume::agents {

struct Telling {
    const LoggedEntry* entry = nullptr;
    Statement statement;
    std::string text;                   // the statement with its result, without final stop
    std::vector<std::string> evidence;  // the entry, and those that say nearly the same
    WorkCategory category = WorkCategory::other;
    std::int64_t impact = 0;
    bool measured = false;
    bool main = true;  // the first statement of its entry

    std::string project() const { return entry->project.value_or(std::string()); }
    bool routine() const { return statement.routine != Routine::none; }
};

// Up to `each` statements per entry, in the order of the entries.
std::vector<Telling> tell(std::span<const LoggedEntry> entries, std::size_t each = 1);

// Joins tellings of one project whose texts are at least `alike` (Jaccard of stems); the strongest
// stays.
std::vector<Telling> without_repetitions(std::vector<Telling> tellings, double alike);

// Strongest first: impact, up to 15 points for recency within the tellings, then date, then text.
void rank(std::vector<Telling>& tellings);

}  // namespace afterresume::agents
