#include "ai/skills/taxonomy.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "ai/skills/embedded.h"
#include "ai/skills/folding.h"
#include "ai/skills/taxonomy_reader.h"
#include "core/text.h"

namespace afterresume::skill_matching {

namespace {

constexpr std::array<std::string_view, 27> concept_categories{
    "ai",         "cloud",         "concept",   "data",     "design",         "devops",
    "education",  "engineering",   "finance",   "health",   "human_language", "legal",
    "management", "manufacturing", "marketing", "method",   "networking",     "operations",
    "product",    "sales",         "science",   "security", "soft",           "testing",
    "domain",     "certification", "industry"
};

// What a name may carry at its end without meaning something else.
constexpr std::array<std::string_view, 8> generic_endings{
    "programminglanguage", "framework", "programming", "language", "library", "lang", "js", "cli"
};

Kind kind_of(std::string_view category) {
    return std::ranges::find(concept_categories, category) != concept_categories.end()
               ? Kind::concept_
               : Kind::tool;
}

}  // namespace

std::string slug_of(std::string_view name) {
    std::string slug;
    for (char letter : fold(name)) {
        auto byte = static_cast<unsigned char>(letter);
        bool kept =
            byte >= 0x80 || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        if (kept) {
            slug += letter;
        } else if (letter == '+') {
            slug += 'p';
        } else if (letter != '.' && letter != '\'' && !slug.empty() && slug.back() != '-') {
            slug += '-';
        }
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    return slug;
}

Taxonomy Taxonomy::built_in() {
    Taxonomy taxonomy;
    for (auto document : embedded_taxonomy()) taxonomy.add(document);
    return taxonomy;
}

Taxonomy Taxonomy::parse(std::string_view yaml) {
    Taxonomy taxonomy;
    taxonomy.add(yaml);
    return taxonomy;
}

void Taxonomy::add(std::string_view yaml) {
    for (auto& skill : read_skills(yaml)) {
        if (skill.slug.empty()) skill.slug = slug_of(skill.name);
        skill.kind = kind_of(skill.category);
        for (auto& word : skill.near) word = fold(word);
        insert(std::move(skill));
    }
}

void Taxonomy::insert(Skill skill) {
    auto index = static_cast<std::uint32_t>(skills_.size());
    if (!by_slug_.emplace(skill.slug, index).second) {
        throw std::invalid_argument(fmt::format("taxonomy: two skills have the slug {}", skill.slug)
        );
    }
    index_name(skill.name, index);
    index_name(skill.slug, index);
    for (const auto& alias : skill.aliases) index_name(alias, index);
    skills_.push_back(std::move(skill));
}

void Taxonomy::index_name(std::string_view name, std::uint32_t skill) {
    by_name_.emplace(name_key(name), skill);
}

const Skill* Taxonomy::find_by_slug(std::string_view slug) const {
    auto found = by_slug_.find(std::string(slug));
    return found == by_slug_.end() ? nullptr : &skills_[found->second];
}

const Skill* Taxonomy::find_by_key(std::string key) const {
    auto found = by_name_.find(key);
    if (found == by_name_.end() && key.size() > 3 && key.ends_with('s')) {
        key.pop_back();
        found = by_name_.find(key);
    } else if (found == by_name_.end() && key.size() > 2) {
        found = by_name_.find(key + "s");
    }
    return found == by_name_.end() ? nullptr : &skills_[found->second];
}

const Skill* Taxonomy::find_by_name(std::string_view name) const {
    if (const auto* skill = find_by_key(name_key(name))) return skill;
    if (auto bracket = name.find('('); bracket != std::string_view::npos && bracket > 1) {
        return find_by_name(name.substr(0, bracket));
    }
    auto key = name_key(name);
    while (key.size() > 3 && (is_ascii_digit(key.back()) || key.back() == '.')) key.pop_back();
    for (auto word : generic_endings) {
        if (key.size() > word.size() + 1 && key.ends_with(word)) {
            key.resize(key.size() - word.size());
            break;
        }
    }
    return find_by_key(key);
}

std::size_t Taxonomy::name_count() const {
    std::size_t count = skills_.size();
    for (const auto& skill : skills_) count += skill.aliases.size();
    return count;
}

}  // namespace afterresume::skill_matching
