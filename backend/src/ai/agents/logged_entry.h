// A work log entry as the composing agents receive it: the text and what is known about it.
#pragma once

#include "ai/agents/entry_analysis.h"

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <vector>

namespace afterresume::agents {

struct LoggedEntry {
    std::string id;
    LocalDate date;
    std::optional<std::string> title;
    std::string content;  // Markdown
    std::optional<std::string> outcome;
    std::optional<std::string> project;
    std::optional<std::string> position_id;
    std::vector<std::string> tags;
    std::vector<std::string> skills;  // names
    // Of the entry's stored analysis; where absent the agents analyse the entry themselves.
    std::optional<WorkCategory> category;
    std::optional<std::int64_t> impact;
};
BOOST_DESCRIBE_STRUCT(
    LoggedEntry, (),
    (id, date, title, content, outcome, project, position_id, tags, skills, category, impact)
)

// What a generated line may rest on: an entry, a position, a part of the profile.
struct Evidence {
    std::string id;
    std::string kind;  // entry | position | profile
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Evidence, (), (id, kind, text))

// Everything an entry says, as the verifier reads it.
Evidence evidence_of(const LoggedEntry& entry);

}  // namespace afterresume::agents
