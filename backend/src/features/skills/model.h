// What a person can do, each skill with the passages that show it. Values and pure functions only.
#pragma once

#include "core/clock.h"
#include "core/describe/traits.h"
#include "core/id.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::skills {

struct Skill {
    Id<Skill> id;
    std::string slug;
    std::string name;
    std::string category;
    std::vector<std::string> aliases;
    // Whether the taxonomy has it.
    bool known = true;
    // Whether its person made, renamed, hid, pinned or merged it: then no recompute takes it away.
    bool touched = false;
    bool hidden = false;
    bool pinned = false;
    std::optional<Id<Skill>> merged_into;
    // 0 unproven to 5 expert, and the reasons.
    std::int64_t level = 0;
    std::vector<std::string> why;
    std::optional<LocalDate> first_seen;
    std::optional<LocalDate> last_seen;
    std::int64_t evidence_count = 0;
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(
    Skill, (),
    (id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level, why,
     first_seen, last_seen, evidence_count, version)
)

enum class Field : std::uint8_t { title, content, outcome };
BOOST_DESCRIBE_ENUM(Field, title, content, outcome)
enum class Method : std::uint8_t { rules, llm, manual };
BOOST_DESCRIBE_ENUM(Method, rules, llm, manual)

struct Evidence {
    Id<Evidence> id;
    Id<Skill> skill_id;
    std::int64_t entry_id = 0;
    Field field = Field::content;
    std::int64_t start_at = 0;
    std::int64_t end_at = 0;
    std::string quote;
    double confidence = 0;
    Method method = Method::rules;
    bool outcome = false;
    LocalDate occurred_on;
};
BOOST_DESCRIBE_STRUCT(
    Evidence, (),
    (id, skill_id, entry_id, field, start_at, end_at, quote, confidence, method, outcome,
     occurred_on)
)

// One skill as it was found in an entry.
struct Finding {
    std::string slug;
    std::string name;
    std::string category;
    bool known = true;
    Field field = Field::content;
    std::int64_t start_at = 0;
    std::int64_t end_at = 0;
    std::string quote;
    double confidence = 0;
};
BOOST_DESCRIBE_STRUCT(
    Finding, (), (slug, name, category, known, field, start_at, end_at, quote, confidence)
)

// How often two skills stand in the same entry.
struct Link {
    Id<Skill> one;
    Id<Skill> other;
    std::int64_t entries = 0;
};
BOOST_DESCRIBE_STRUCT(Link, (), (one, other, entries))

// Groups of skills that are used together: what is connected by links of at least `least` entries,
// largest first.
std::vector<std::vector<Id<Skill>>> clusters_of(const std::vector<Link>& links, std::int64_t least);
// A category as people read it: "devops_tool" → "DevOps tools".
std::string category_title(const std::string& category);
// "Project planning" → "project-planning"
std::string slug_of(const std::string& name);

}  // namespace afterresume::skills
