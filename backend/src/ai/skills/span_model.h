// The trained weights of the span tagger, a linear chain over the labels outside, begin and inside.
// Immutable.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ai/skills/label_chain.h"

namespace afterresume::skill_matching {

struct TaggedSpan {
    std::size_t first;  // tokens, both inclusive
    std::size_t last;
    float probability;  // of the least certain of its tokens
};

class SpanModel {
public:
    // Lines "name<TAB>first<TAB>second<TAB>outside<TAB>begin<TAB>inside", the numbers in
    // hundredths. The name "transition" carries the weights from the label named first, "eagerness"
    // what is taken off every outside score when decoding. "# " begins a comment. Throws
    // std::invalid_argument for any other line.
    static SpanModel parse(std::string_view weights);

    // Adds the weights of the feature with this hash (span_features.h), if the model knows it.
    void add_weights(std::uint64_t feature, LabelScores& scores) const;

    // The spans of the best labelling. Precondition: one row of scores per token, not empty.
    std::vector<TaggedSpan> decode(std::vector<LabelScores> scores) const;

private:
    using Numbers = std::array<std::int16_t, label_count>;

    // A cell of an open-addressing table; the hash of an empty one is 0.
    struct Cell {
        std::uint64_t feature = 0;
        Numbers numbers{};
    };

    std::size_t cell_of(std::uint64_t feature) const;

    std::vector<Cell> cells_;  // a power of two, at most half full
    Transitions transitions_{};
    float eagerness_ = 0;
};

}  // namespace afterresume::skill_matching
