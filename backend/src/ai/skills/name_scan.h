// Finds the names of a taxonomy in text: one pass of the automaton over the raw bytes, then
// boundaries, longest match and the rules for ambiguous names. Holds a reference to the taxonomy,
// which must outlive it; const use is thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ai/skills/automaton.h"
#include "ai/skills/name_context.h"
#include "ai/skills/taxonomy.h"

namespace afterresume::skill_matching {

class NameScan {
public:
    explicit NameScan(const Taxonomy& taxonomy);

    // Ordered, free of overlaps. Doubtful hits are included: the caller decides. Text beyond 4 GiB
    // is not read.
    std::vector<NameHit> find(std::string_view text) const;

    // Only the automaton's pass: how many names end anywhere. For measuring.
    std::size_t count_raw_matches(std::string_view text) const;

    std::size_t pattern_count() const { return patterns_.size(); }
    const Automaton& automaton() const { return automaton_; }

private:
    struct Pattern {
        std::uint32_t skill;
        std::uint16_t length;  // folded bytes
        bool is_name;          // spells the skill's name, whose letter case may matter
    };

    struct Candidate {
        std::uint32_t start;
        std::uint32_t end;
        std::uint32_t pattern;
    };

    template <typename Visit>
    void run(std::string_view text, Visit visit) const;

    void accept(
        std::string_view text, std::size_t end, std::uint32_t pattern, std::vector<Candidate>& into
    ) const;
    NameHit judged(std::string_view text, const Candidate& candidate) const;

    const Taxonomy& taxonomy_;
    std::vector<Pattern> patterns_;
    Automaton automaton_;
};

}  // namespace afterresume::skill_matching
