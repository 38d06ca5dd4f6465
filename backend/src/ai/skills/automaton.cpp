#include "ai/skills/automaton.h"

#include <algorithm>
#include <string_view>

namespace afterresume::skill_matching {

namespace {

// The nodes of the patterns' trie: in sorted order each adds what it does not share with the one
// before. Counted first because a table that grows takes twice its memory for a moment.
std::size_t states_needed(const std::vector<std::string>& patterns) {
    std::vector<std::string_view> sorted(patterns.begin(), patterns.end());
    std::ranges::sort(sorted);
    std::size_t states = 1;
    std::string_view before;
    for (auto pattern : sorted) {
        auto shared = std::ranges::mismatch(pattern, before).in1 - pattern.begin();
        states += pattern.size() - static_cast<std::size_t>(shared);
        before = pattern;
    }
    return states;
}

}  // namespace

Automaton::Automaton(const std::vector<std::string>& patterns) {
    assign_classes(patterns);
    build_trie(patterns);
    close_over_failures();
}

void Automaton::assign_classes(const std::vector<std::string>& patterns) {
    std::array<bool, 256> used{};
    for (const auto& pattern : patterns) {
        for (char letter : pattern) used[static_cast<unsigned char>(letter)] = true;
    }
    std::uint8_t next_class = 1;
    for (std::size_t byte = 0; byte < used.size(); ++byte) {
        if (used[byte]) classes_[byte] = next_class++;
    }
    for (std::size_t letter = 'A'; letter <= 'Z'; ++letter)
        classes_[letter] = classes_[letter + 32];
    for (unsigned char separator : std::string_view("-_\t\r\n"))
        classes_[separator] = classes_[' '];
    stride_ = next_class;
}

void Automaton::build_trie(const std::vector<std::string>& patterns) {
    auto states = states_needed(patterns);
    table_.reserve(states * stride_);
    first_match_.reserve(states);
    matches_.reserve(patterns.size());
    table_.assign(stride_, root);
    first_match_.assign(1, none);
    for (std::uint32_t index = 0; index < patterns.size(); ++index) {
        std::size_t row = 0;
        for (char letter : patterns[index]) {
            auto cell = row + classes_[static_cast<unsigned char>(letter)];
            if (table_[cell] == root) {
                table_[cell] = static_cast<State>(table_.size());
                table_.resize(table_.size() + stride_, root);
                first_match_.push_back(none);
            }
            row = table_[cell];
        }
        if (row == 0 || first_match_[row / stride_] != none) continue;
        first_match_[row / stride_] = static_cast<std::uint32_t>(matches_.size());
        matches_.push_back({index, none});
    }
}

// Breadth first, so that the row a state fails to is complete before it is copied from.
void Automaton::close_over_failures() {
    std::vector<State> failure(state_count(), root);
    std::vector<State> queue;
    queue.reserve(state_count());
    for (std::size_t cell = 0; cell < stride_; ++cell) {
        if (table_[cell] != root) queue.push_back(table_[cell]);
    }
    for (std::size_t head = 0; head < queue.size(); ++head) {
        auto row = queue[head];
        auto fallback = failure[row / stride_];
        auto& own = first_match_[row / stride_];
        auto inherited = first_match_[fallback / stride_];
        if (own == none) {
            own = inherited;
        } else {
            matches_[own].next = inherited;
        }
        for (std::size_t cell = 0; cell < stride_; ++cell) {
            auto& child = table_[row + cell];
            if (child == root) {
                child = table_[fallback + cell];
            } else {
                failure[child / stride_] = table_[fallback + cell];
                queue.push_back(child);
            }
        }
    }
    for (auto& cell : table_) {
        if (first_match_[cell / stride_] != none) cell |= match_bit;
    }
}

}  // namespace afterresume::skill_matching
