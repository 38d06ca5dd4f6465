// An Aho-Corasick automaton in little memory: states near the root, where texts spend their time,
// have a full row over byte classes; deeper ones keep their few children and a failure link.
// Immutable after construction, so any number of threads may run it.
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
        while (state >= dense_states_) {
            for (auto child = first_child_[state]; child < first_child_[state + 1]; ++child) {
                if (labels_[child] == byte_class) return child;
            }
            state = failure_[state];
        }
        return rows_[state * stride_ + byte_class];
    }

    bool has_matches(State state) const { return ends_[state]; }

    // Calls `visit(pattern)` for each pattern that ends in `state`, longest first.
    template <typename Visit>
    void for_each_match(State state, Visit visit) const {
        for (auto match = first_match_[state]; match != none;) {
            visit(matches_[match].pattern);
            match = matches_[match].next;
        }
    }

    std::size_t state_count() const { return first_match_.size(); }
    std::size_t bytes() const {
        return rows_.size() * sizeof(State) + state_count() * (3 * sizeof(State) + 1) +
               state_count() / 8;
    }

private:
    static constexpr std::uint32_t none = 0xFFFF'FFFFU;

    struct Match {
        std::uint32_t pattern;
        std::uint32_t next;  // the next shorter match that ends here
    };

    void assign_classes(const std::vector<std::string>& patterns);
    void build_trie(const std::vector<std::string>& patterns);
    void link_failures();
    // next() without the rows.
    State step(State state, std::uint8_t byte_class) const;
    void fill_rows();

    std::array<std::uint8_t, 256> classes_{};
    std::size_t stride_ = 1;
    // States are numbered breadth first, so that the children of one are neighbours: those of state
    // s begin at first_child_[s] and end where those of s + 1 begin.
    std::vector<State> first_child_;
    std::vector<std::uint8_t> labels_;
    std::vector<State> failure_;
    std::vector<std::uint32_t> first_match_;
    std::vector<bool> ends_;
    std::size_t dense_states_ = 0;
    std::vector<State> rows_;
    std::vector<Match> matches_;
};

}  // namespace afterresume::skill_matching
