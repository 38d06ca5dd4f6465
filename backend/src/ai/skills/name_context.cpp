#include "ai/skills/name_context.h"

#include <algorithm>

#include "ai/skills/boundaries.h"
#include "ai/skills/folding.h"

namespace afterresume::skill_matching {

namespace {

constexpr std::size_t reach = 90;  // bytes on either side that count as nearby

// What may stand between two members of a list: signs and one "and" or "or".
bool joins_list(std::string_view between) {
    if (between.size() > 8) return false;
    auto text = fold(between);
    bool signs_only = std::ranges::all_of(text, [](char letter) {
        return letter == ' ' || letter == ',' || letter == '/' || letter == '|' || letter == '&' ||
               letter == '(';
    });
    return signs_only || text == "and" || text == ", and" || text == "or" || text == ", or" ||
           text == " and" || text == " or" || text == "and/or";
}

// An ordinary word in lower case is not made a name by a tool that happens to stand nearby.
bool has_capital(std::string_view text) {
    return std::ranges::any_of(text, [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

class Surroundings {
public:
    Surroundings(std::string_view text, const Taxonomy& taxonomy, const std::vector<NameHit>& hits)
        : text_(text), taxonomy_(taxonomy), hits_(hits) {}

    bool speak_for(std::size_t index) const {
        const auto& hit = hits_[index];
        const auto& skill = taxonomy_.skill(hit.skill);
        if (is_glued(text_, hit.start, hit.end)) return false;
        bool same_case = text_.substr(hit.start).starts_with(skill.name);
        bool any_case = skill.casing == Casing::any || same_case;
        if (in_list(index, any_case) || is_fence_language(text_, hit.start, hit.end)) return true;
        bool code = hit.end - hit.start > 1 && is_code(text_, hit.start, hit.end);
        if (code && (same_case || skill.context == Context::optional_)) return true;
        if (!any_case || reads_as_verb(hit)) return false;
        if (skill.context == Context::optional_ || near_word(hit, skill)) return true;
        return has_capital(text_.substr(hit.start, hit.end - hit.start)) && tool_nearby(index);
    }

private:
    bool is_anchor(std::size_t index) const {
        const auto& hit = hits_[index];
        return hit.certainty != Certainty::doubtful &&
               taxonomy_.skill(hit.skill).kind == Kind::tool;
    }

    // A word in the wrong case needs a comma or the like between it and its neighbour: "fresh Rails
    // app" is no list.
    bool in_list(std::size_t index, bool space_is_enough) const {
        const auto& hit = hits_[index];
        auto joined = [&](std::uint32_t from, std::uint32_t to) {
            auto gap = text_.substr(from, to - from);
            return joins_list(gap) && (space_is_enough || gap != " ");
        };
        bool left = index > 0 && is_anchor(index - 1) && joined(hits_[index - 1].end, hit.start);
        bool right = index + 1 < hits_.size() && is_anchor(index + 1) &&
                     joined(hit.end, hits_[index + 1].start);
        return left || right;
    }

    // "Go to the settings", "Express your interest".
    bool reads_as_verb(const NameHit& hit) const {
        if (!begins_sentence(text_, hit.start) || hit.end + 1 >= text_.size()) return false;
        return text_[hit.end] == ' ' && text_[hit.end + 1] >= 'a' && text_[hit.end + 1] <= 'z';
    }

    bool tool_nearby(std::size_t index) const {
        const auto& hit = hits_[index];
        auto close = [&](std::size_t other) {
            return is_anchor(other) && hits_[other].skill != hit.skill &&
                   hits_[other].start < hit.end + reach && hits_[other].end + reach > hit.start;
        };
        return (index > 0 && close(index - 1)) || (index > 1 && close(index - 2)) ||
               (index + 1 < hits_.size() && close(index + 1)) ||
               (index + 2 < hits_.size() && close(index + 2));
    }

    bool near_word(const NameHit& hit, const Skill& skill) const {
        auto from = hit.start > reach ? hit.start - reach : 0;
        auto before = ' ' + fold(text_.substr(from, hit.start - from));
        auto after = fold(text_.substr(hit.end, reach)) + ' ';
        return std::ranges::any_of(skill.near, [&](const std::string& word) {
            return holds_word(before, word) || holds_word(after, word);
        });
    }

    static bool holds_word(std::string_view text, std::string_view word) {
        for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at) {
            if (begins_word(text, at) && end_of_word(text, at, at + word.size())) return true;
        }
        return false;
    }

    std::string_view text_;
    const Taxonomy& taxonomy_;
    const std::vector<NameHit>& hits_;
};

}  // namespace

void settle_by_context(
    std::string_view text, const Taxonomy& taxonomy, std::vector<NameHit>& hits
) {
    for (bool forward : {true, false}) {
        for (std::size_t step = 0; step < hits.size(); ++step) {
            auto index = forward ? step : hits.size() - 1 - step;
            if (hits[index].certainty != Certainty::doubtful) continue;
            if (Surroundings(text, taxonomy, hits).speak_for(index))
                hits[index].certainty = Certainty::settled;
        }
    }
}

}  // namespace afterresume::skill_matching
