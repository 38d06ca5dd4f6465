// The skills the program knows: names, aliases, categories and the rules for ambiguous names. A
// value; whoever builds a Matcher on one keeps it alive as long as the matcher.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace afterresume::skill_matching {

// A tool has a proper name that is evidence wherever it stands; a concept ("monitoring", "finance")
// is an ordinary word that becomes a skill only by how it is used.
enum class Kind : std::uint8_t { tool, concept_ };

enum class Casing : std::uint8_t { any, exact };

enum class Context : std::uint8_t { optional_, required };

struct Skill {
    std::string slug;
    std::string name;
    std::string category;
    std::string parent;  // slug of the wider skill, or empty
    std::vector<std::string> aliases;
    std::vector<std::string> near;  // folded words, one of which settles an ambiguous name
    Kind kind = Kind::concept_;
    Casing casing = Casing::any;
    Context context = Context::optional_;
};

class Taxonomy {
public:
    // The skills of data/taxonomy, which are part of the program. Parses them anew on each call (a
    // few milliseconds).
    static Taxonomy built_in();

    // Reads the subset of YAML that data/taxonomy is written in: category -> name -> nothing,
    // [aliases] or {rules}. Throws std::invalid_argument that names the line.
    static Taxonomy parse(std::string_view yaml);

    // Adds what `yaml` holds; a name or alias that is already taken keeps its first owner.
    void add(std::string_view yaml);

    const std::vector<Skill>& skills() const { return skills_; }
    const Skill& skill(std::uint32_t index) const { return skills_[index]; }

    const Skill* find_by_slug(std::string_view slug) const;

    // Finds a name or alias whatever its case, width, dots, spaces, hyphens or plural; failing
    // that, without a version, a bracket or a generic last word ("Laravel 5", "OpenID Connect
    // (OIDC)", "Django framework").
    const Skill* find_by_name(std::string_view name) const;

    // Names and aliases of all skills together.
    std::size_t name_count() const;

private:
    const Skill* find_by_key(std::string key) const;
    void insert(Skill skill);
    void index_name(std::string_view name, std::uint32_t skill);

    std::vector<Skill> skills_;
    std::unordered_map<std::string, std::uint32_t> by_slug_;
    std::unordered_map<std::string, std::uint32_t> by_name_;
};

// "Vue.js" -> "vuejs", "CI/CD" -> "ci-cd", "Let's Encrypt" -> "lets-encrypt".
std::string slug_of(std::string_view name);

}  // namespace afterresume::skill_matching
