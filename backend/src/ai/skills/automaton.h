// An Aho-Corasick automaton as a full table over byte classes: one look-up per byte, no failure
// links at run time. Immutable after construction, so any number of threads may run it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace afterresume::skill_matching {

class Automaton {
public:
    using State = std::uint32_t;
    static constexpr State root = 0;

    // The patterns are folded text (folding.h): lower case, single spaces. Their index is their
    // number. Empty and repeated patterns never match.
    explicit Automaton(const std::vector<std::string>& patterns);

    // Upper-case ASCII and every ASCII separator share the class of their folded form.
    std::uint8_t class_of(unsigned char byte) const { return classes_[byte]; }

    State next(State state, std::uint8_t byte_class) const {
        return table_[offset(state) + byte_class];
    }

    static bool has_matches(State state) { return (state & match_bit) != 0; }

    // Calls `visit(pattern)` for each pattern that ends in `state`, longest first.
    template <typename Visit>
    void for_each_match(State state, Visit visit) const {
        for (auto match = first_match_[offset(state) / stride_]; match != none;) {
            visit(matches_[match].pattern);
            match = matches_[match].next;
        }
    }

    std::size_t state_count() const { return first_match_.size(); }
    std::size_t table_bytes() const {
        return table_.size() * sizeof(State) + first_match_.size() * 4;
    }

private:
    static constexpr State match_bit = 0x8000'0000U;
    static constexpr std::uint32_t none = 0xFFFF'FFFFU;

    struct Match {
        std::uint32_t pattern;
        std::uint32_t next;  // the next shorter match that ends here
    };

    static std::size_t offset(State state) { return state & ~match_bit; }

    void assign_classes(const std::vector<std::string>& patterns);
    void build_trie(const std::vector<std::string>& patterns);
    void close_over_failures();

    std::array<std::uint8_t, 256> classes_{};
    std::size_t stride_ = 1;
    std::vector<State>
        table_;  // rows of `stride_`; a cell holds the offset of the next row and the match bit
    std::vector<std::uint32_t> first_match_;
    std::vector<Match> matches_;
};

}  // namespace afterresume::skill_matching
