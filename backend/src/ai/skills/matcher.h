// Finds skills in text and says where: the rules engine's answer to "which skills does this show".
// Reads a Taxonomy that must outlive it; built once (some tens of milliseconds) and then used by
// any number of threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ai/skills/name_scan.h"
#include "ai/skills/span_model.h"
#include "ai/skills/taxonomy.h"

namespace afterresume::skill_matching {

struct SkillMatch {
    std::string slug;
    std::string name;
    std::size_t start = 0;  // UTF-8 byte offsets into the text
    std::size_t end = 0;
    std::string text;       // the bytes between them
    double confidence = 0;  // 0 to 1
    bool known = false;  // false: a skill by its use in the sentence, with no entry in the taxonomy
    bool implied = false;  // the wider skill of a match with the same span ("RSpec" implies Ruby)
    std::vector<std::string> also;  // slugs of further skills named inside the span ("C#/.NET")
};

class Matcher {
public:
    explicit Matcher(const Taxonomy& taxonomy);

    // Ordered by start; free of overlaps but for implied matches, of which there is at most one a
    // skill, and none for a skill that the text itself names. Any bytes may come in; what is no
    // UTF-8 separates words.
    std::vector<SkillMatch> find(std::string_view text) const;

    const NameScan& names() const { return names_; }

private:
    struct Found {
        std::uint32_t start;
        std::uint32_t end;
        float probability;
    };

    std::vector<Found> tagged(std::string_view text, const std::vector<NameHit>& hits) const;
    SkillMatch match_of(
        std::string_view text, const Found& found, std::vector<const NameHit*> inside
    ) const;

    void add_implied(std::vector<SkillMatch>& matches) const;

    const Taxonomy& taxonomy_;
    NameScan names_;
    SpanModel spans_;
};

}  // namespace afterresume::skill_matching
