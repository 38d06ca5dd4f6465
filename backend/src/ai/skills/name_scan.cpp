#include "ai/skills/name_scan.h"

#include <algorithm>
#include <unordered_set>

#include "ai/skills/boundaries.h"
#include "ai/skills/folding.h"
#include "ai/skills/name_context.h"
#include "ai/skills/spellings.h"

namespace afterresume::skill_matching {

namespace {

constexpr std::size_t longest_text = 0xFFFF'FFFEU;

// A line break inside a name is a wrapped line; before a bullet, a heading or a blank line the name
// has ended.
bool ends_paragraph(std::string_view text, std::size_t newline) {
    auto next = newline + 1;
    return next >= text.size() || !is_word(code_point_at(text, next).value);
}

}  // namespace

NameScan::NameScan(const Taxonomy& taxonomy)
    : taxonomy_(taxonomy), automaton_([this] {
          std::vector<std::string> texts;
          std::unordered_set<std::string> seen;
          auto add = [&](std::uint32_t skill, const std::string& text, bool is_name) {
              if (text.empty() || !seen.insert(text).second) return;
              patterns_.push_back({skill, static_cast<std::uint16_t>(text.size()), is_name});
              texts.push_back(text);
          };
          const auto& skills = taxonomy_.skills();
          for (std::uint32_t index = 0; index < skills.size(); ++index)
              add(index, fold(skills[index].name), true);
          for (std::uint32_t index = 0; index < skills.size(); ++index) {
              for (const auto& alias : skills[index].aliases) {
                  add(index, fold(alias), fold(skills[index].name).starts_with(fold(alias)));
              }
          }
          for (std::uint32_t index = 0; index < skills.size(); ++index) {
              auto name = fold(skills[index].name);
              for (const auto& text : spellings_of(name, skills[index].kind))
                  add(index, text, true);
              for (const auto& alias : skills[index].aliases) {
                  for (const auto& text : spellings_of(alias, skills[index].kind))
                      add(index, text, false);
              }
          }
          return Automaton(texts);
      }()) {}

template <typename Visit>
void NameScan::run(std::string_view text, Visit visit) const {
    const auto separator = automaton_.class_of(' ');
    auto state = Automaton::root;
    bool separated = true;
    for (std::size_t position = 0; position < text.size();) {
        auto byte = static_cast<unsigned char>(text[position]);
        if (byte >= 0x80) {
            auto next = code_point_at(text, position);
            position += next.size;
            for (char letter : folded(next.value)) {
                auto letter_class = automaton_.class_of(static_cast<unsigned char>(letter));
                if (letter_class == separator && separated) continue;
                separated = letter_class == separator;
                state = automaton_.next(state, letter_class);
            }
        } else {
            auto byte_class = automaton_.class_of(byte);
            if (byte_class == separator) {
                if (byte == '\n' && ends_paragraph(text, position)) state = Automaton::root;
                ++position;
                if (separated) continue;
                separated = true;
            } else {
                ++position;
                separated = false;
            }
            state = automaton_.next(state, byte_class);
        }
        if (automaton_.has_matches(state)) visit(position, state);
    }
}

std::size_t NameScan::count_raw_matches(std::string_view text) const {
    std::size_t count = 0;
    run(text, [&count](std::size_t, Automaton::State) { ++count; });
    return count;
}

void NameScan::accept(
    std::string_view text, std::size_t end, std::uint32_t pattern, std::vector<Candidate>& into
) const {
    auto start = start_of(text, end, patterns_[pattern].length);
    if (!begins_word(text, start)) return;
    auto whole = end_of_word(text, start, end);
    if (!whole) return;
    into.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(*whole), pattern}
    );
}

NameHit NameScan::judged(std::string_view text, const Candidate& candidate) const {
    const auto& pattern = patterns_[candidate.pattern];
    const auto& skill = taxonomy_.skill(pattern.skill);
    auto certainty = Certainty::plain;
    if (pattern.is_name) {
        bool other_case =
            skill.casing == Casing::exact && !text.substr(candidate.start).starts_with(skill.name);
        if (other_case || skill.context == Context::required) certainty = Certainty::doubtful;
    }
    auto end = skill.kind == Kind::tool ? past_version(text, candidate.end) : candidate.end;
    return {candidate.start, static_cast<std::uint32_t>(end), pattern.skill, certainty};
}

std::vector<NameHit> NameScan::find(std::string_view text) const {
    text = text.substr(0, longest_text);
    std::vector<Candidate> candidates;
    run(text, [&](std::size_t end, Automaton::State state) {
        if (end < text.size() && text[end] >= 'a' && text[end] <= 'z' && text[end] != 's') return;
        automaton_.for_each_match(state, [&](std::uint32_t pattern) {
            accept(text, end, pattern, candidates);
        });
    });
    std::ranges::sort(candidates, [](const Candidate& left, const Candidate& right) {
        return left.start != right.start ? left.start < right.start : left.end > right.end;
    });
    std::vector<NameHit> hits;
    Addresses addresses(text);
    for (const auto& candidate : candidates) {
        if (!hits.empty() && candidate.start < hits.back().end) continue;
        if (addresses.cover(candidate.start)) continue;
        hits.push_back(judged(text, candidate));
    }
    settle_by_context(text, taxonomy_, hits);
    return hits;
}

}  // namespace afterresume::skill_matching
