// Inference in a linear chain over three labels: what the span tagger and its trainer share. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace afterresume::skill_matching {

enum class Label : std::uint8_t { outside, begin, inside };

inline constexpr std::size_t label_count = 3;

using LabelScores = std::array<float, label_count>;
using Transitions = std::array<LabelScores, label_count>;  // [from][to]

// "Inside" after "outside" or at the start of a sentence is impossible; this says so in log space.
inline constexpr float impossible = -1e4F;

struct ChainMarginals {
    std::vector<LabelScores> labels;  // probabilities, one row per token
    Transitions transitions;          // expected count of each transition
    double log_partition;
};

// Forward-backward over log scores. Precondition: not empty.
ChainMarginals marginals_of(const std::vector<LabelScores>& scores, const Transitions& transitions);

// The best labelling (Viterbi). Precondition: not empty.
std::vector<Label> best_labels(
    const std::vector<LabelScores>& scores, const Transitions& transitions
);

}  // namespace afterresume::skill_matching
