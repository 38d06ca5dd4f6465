// Skills on the wire.
#pragma once

#include "core/describe/notes.h"
#include "core/page.h"
#include "features/skills/model.h"

namespace afterresume::skills {

struct ListSkills {
    std::optional<std::string> category;
    std::optional<std::string> q;
    std::optional<bool> hidden;
    std::optional<std::int64_t> least_level;
    std::int64_t page_size = default_page_size;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListSkills, (), (category, q, hidden, least_level, page_size, cursor))

constexpr auto notes(ListSkills*) {
    using namespace describe;
    return std::tuple{
        note(&ListSkills::category, "Of this category", length{1, 60}),
        note(&ListSkills::q, "Whose name or slug holds this", length{1, 100}),
        note(&ListSkills::hidden, "Hidden ones too"),
        note(&ListSkills::least_level, "Of at least this level", range{0, 5}),
        note(&ListSkills::page_size, "Skills on a page", range{1, largest_page_size}),
        note(&ListSkills::cursor, "next_cursor of the page before", length{1, 100}),
    };
}

struct SkillPage {
    std::vector<Skill> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(SkillPage, (), (items, next_cursor))

struct CreateSkill {
    std::string name;
    std::optional<std::string> category;
};
BOOST_DESCRIBE_STRUCT(CreateSkill, (), (name, category))

constexpr auto notes(CreateSkill*) {
    using namespace describe;
    return std::tuple{
        note(&CreateSkill::name, "What it is called", length{1, 100}),
        note(&CreateSkill::category, "Its category", length{1, 60}),
    };
}

struct EditSkill {
    Replacement<std::string> name;
    Replacement<std::string> category;
    Replacement<bool> hidden;
    Replacement<bool> pinned;
};
BOOST_DESCRIBE_STRUCT(EditSkill, (), (name, category, hidden, pinned))

constexpr auto notes(EditSkill*) {
    using namespace describe;
    return std::tuple{
        note(&EditSkill::name, "What you call it", length{1, 100}),
        note(&EditSkill::category, "Its category", length{1, 60}),
        note(&EditSkill::hidden, "Leave it out of lists and résumés"),
        note(&EditSkill::pinned, "Show it first"),
    };
}

struct MergeSkills {
    Id<Skill> into;
    std::vector<Id<Skill>> from;
};
BOOST_DESCRIBE_STRUCT(MergeSkills, (), (into, from))

constexpr auto notes(MergeSkills*) {
    using namespace describe;
    return std::tuple{
        note(&MergeSkills::into, "The skill that stays"),
        note(
            &MergeSkills::from, "The skills that become part of it, evidence and all", count{1, 50}
        ),
    };
}

struct ListEvidence {
    std::int64_t page_size = default_page_size;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListEvidence, (), (page_size, cursor))

constexpr auto notes(ListEvidence*) {
    using namespace describe;
    return std::tuple{
        note(&ListEvidence::page_size, "Passages on a page", range{1, largest_page_size}),
        note(&ListEvidence::cursor, "next_cursor of the page before", length{1, 100}),
    };
}

struct EvidencePage {
    std::vector<Evidence> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(EvidencePage, (), (items, next_cursor))

struct MonthUse {
    Id<Skill> skill_id;
    std::string slug;
    std::string name;
    // 2026-03
    std::string month;
    std::int64_t evidence = 0;
    bool first_seen = false;
};
BOOST_DESCRIBE_STRUCT(MonthUse, (), (skill_id, slug, name, month, evidence, first_seen))

struct Timeline {
    std::vector<MonthUse> items;
};
BOOST_DESCRIBE_STRUCT(Timeline, (), (items))

struct Cluster {
    std::vector<Skill> skills;
};
BOOST_DESCRIBE_STRUCT(Cluster, (), (skills))

struct Clusters {
    std::vector<Cluster> clusters;
    std::vector<Link> links;
};
BOOST_DESCRIBE_STRUCT(Clusters, (), (clusters, links))

}  // namespace afterresume::skills
