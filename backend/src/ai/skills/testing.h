// What the tests of this folder share: one built-in taxonomy and matcher for all of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ai/skills/matcher.h"
#include "ai/skills/taxonomy.h"

namespace afterresume::skill_matching {

inline const Taxonomy& built_in_taxonomy() {
    static const Taxonomy taxonomy = Taxonomy::built_in();
    return taxonomy;
}

inline const Matcher& built_in_matcher() {
    static const Matcher matcher(built_in_taxonomy());
    return matcher;
}

inline std::vector<std::string> slugs_in(std::string_view text) {
    std::vector<std::string> slugs;
    for (const auto& match : built_in_matcher().find(text)) slugs.push_back(match.slug);
    return slugs;
}

// Names that stand for a skill without any help from the rest of the sentence.
inline std::vector<std::string> names_in(const Taxonomy& taxonomy, std::string_view text) {
    NameScan scan(taxonomy);
    std::vector<std::string> found;
    for (const auto& hit : scan.find(text)) {
        if (hit.certainty == Certainty::doubtful) continue;
        found.emplace_back(text.substr(hit.start, hit.end - hit.start));
    }
    return found;
}

}  // namespace afterresume::skill_matching
