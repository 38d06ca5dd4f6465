#include "ai/skills/automaton.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <string_view>
#include <tuple>

namespace afterresume::skill_matching {

namespace {

// States of at most so many letters get a full row.
constexpr std::size_t dense_depth = 4;

// A state while the trie is built: the sorted patterns that begin with its letters.
struct Node {
    std::size_t begin;
    std::size_t end;
    std::size_t depth;
};

}  // namespace

Automaton::Automaton(const std::vector<std::string>& patterns) {
    assign_classes(patterns);
    build_trie(patterns);
    link_failures();
    fill_rows();
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
    std::vector<std::uint32_t> sorted(patterns.size());
    std::iota(sorted.begin(), sorted.end(), 0U);
    std::ranges::sort(sorted, [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(patterns[a], a) < std::tie(patterns[b], b);
    });
    std::deque<Node> queue{{0, sorted.size(), 0}};
    labels_.push_back(0);
    State next_state = 1;
    while (!queue.empty()) {
        auto node = queue.front();
        queue.pop_front();
        if (node.depth <= dense_depth) ++dense_states_;
        first_child_.push_back(next_state);
        first_match_.push_back(none);
        auto at = node.begin;
        if (at < node.end && patterns[sorted[at]].size() == node.depth && node.depth > 0) {
            first_match_.back() = static_cast<std::uint32_t>(matches_.size());
            matches_.push_back({sorted[at], none});
        }
        while (at < node.end && patterns[sorted[at]].size() == node.depth) ++at;
        while (at < node.end) {
            auto letter = patterns[sorted[at]][node.depth];
            auto begin = at;
            while (at < node.end && patterns[sorted[at]][node.depth] == letter) ++at;
            queue.push_back({begin, at, node.depth + 1});
            labels_.push_back(classes_[static_cast<unsigned char>(letter)]);
            ++next_state;
        }
    }
    first_child_.push_back(next_state);
    for (auto* list : {&first_child_, &first_match_}) list->shrink_to_fit();
    labels_.shrink_to_fit();
}

// Breadth first, so that the failure of a state is known before those of its children.
void Automaton::link_failures() {
    failure_.assign(state_count(), root);
    ends_.assign(state_count(), false);
    dense_states_ = std::min(dense_states_, state_count());
    for (State state = 0; state < state_count(); ++state) {
        for (auto child = first_child_[state]; child < first_child_[state + 1]; ++child) {
            if (state != root) failure_[child] = step(failure_[state], labels_[child]);
        }
        auto inherited = state == root ? none : first_match_[failure_[state]];
        auto& own = first_match_[state];
        if (own == none) {
            own = inherited;
        } else {
            matches_[own].next = inherited;
        }
        ends_[state] = own != none;
    }
}

Automaton::State Automaton::step(State state, std::uint8_t byte_class) const {
    while (true) {
        for (auto child = first_child_[state]; child < first_child_[state + 1]; ++child) {
            if (labels_[child] == byte_class) return child;
        }
        if (state == root) return root;
        state = failure_[state];
    }
}

void Automaton::fill_rows() {
    rows_.resize(dense_states_ * stride_);
    for (State state = 0; state < dense_states_; ++state) {
        for (std::size_t byte_class = 0; byte_class < stride_; ++byte_class) {
            rows_[state * stride_ + byte_class] =
                step(state, static_cast<std::uint8_t>(byte_class));
        }
    }
}

}  // namespace afterresume::skill_matching
