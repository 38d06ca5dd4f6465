// What the composing workflows share: the log, profile and skills in the words of the agents, and
// lines checked against what they rest on. Pure.
#pragma once

#include "ai/agents/career.h"
#include "ai/agents/logged_entry.h"
#include "ai/agents/resume_composition.h"
#include "features/profile/model.h"
#include "features/reporting/service.h"
#include "features/skills/model.h"
#include "features/worklog/model.h"

#include <map>

namespace afterresume::workflows {

// Of a person, that are read for one text.
inline constexpr std::int64_t most_entries = 5'000;

// Entries as the agents read them; skills are named as their person names them.
std::vector<agents::LoggedEntry> logged_entries(
    const std::vector<worklog::Entry>& entries, const std::vector<skills::Skill>& skills
);
agents::Career career_of(const profile::Profile& profile);

// The texts that lines may rest on, by what lines call them.
class Proofs {
public:
    void add(reporting::Evidence name, agents::Evidence text) {
        texts_.insert_or_assign(name, std::move(text));
    }
    // The line with its verdict. `computed` are figures that were counted from the evidence.
    reporting::Line checked(
        std::string text, std::vector<reporting::Evidence> evidence,
        const std::vector<std::string>& computed = {}
    ) const;
    std::vector<reporting::Evidence> names() const;

private:
    std::map<reporting::Evidence, agents::Evidence> texts_;
};

// Proofs of entries, and of a career too.
void add_entries(Proofs& proofs, const std::vector<agents::LoggedEntry>& entries);
void add_career(Proofs& proofs, const agents::Career& career);

// A version to store, and all that its lines could have rested on.
struct Composed {
    reporting::Draft draft;
    std::vector<reporting::Evidence> known;
};
BOOST_DESCRIBE_STRUCT(Composed, (), (draft, known))

reporting::Evidence entry_evidence(const std::string& id);

}  // namespace afterresume::workflows
