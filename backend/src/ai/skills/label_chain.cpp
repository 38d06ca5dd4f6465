#include "ai/skills/label_chain.h"

#include <algorithm>
#include <cmath>

namespace afterresume::skill_matching {

namespace {

constexpr auto inside = static_cast<std::size_t>(Label::inside);

float log_sum(const LabelScores& values) {
    auto top = *std::ranges::max_element(values);
    float sum = 0;
    for (float value : values) sum += std::exp(value - top);
    return top + std::log(sum);
}

}  // namespace

ChainMarginals marginals_of(
    const std::vector<LabelScores>& scores, const Transitions& transitions
) {
    auto size = scores.size();
    std::vector<LabelScores> forward(size);
    std::vector<LabelScores> backward(size, LabelScores{});
    forward[0] = scores[0];
    forward[0][inside] = impossible;
    for (std::size_t token = 1; token < size; ++token) {
        for (std::size_t to = 0; to < label_count; ++to) {
            LabelScores ways{};
            for (std::size_t from = 0; from < label_count; ++from) {
                ways[from] = forward[token - 1][from] + transitions[from][to];
            }
            forward[token][to] = log_sum(ways) + scores[token][to];
        }
    }
    for (std::size_t token = size - 1; token-- > 0;) {
        for (std::size_t from = 0; from < label_count; ++from) {
            LabelScores ways{};
            for (std::size_t to = 0; to < label_count; ++to) {
                ways[to] = transitions[from][to] + scores[token + 1][to] + backward[token + 1][to];
            }
            backward[token][from] = log_sum(ways);
        }
    }
    auto total = log_sum(forward[size - 1]);
    ChainMarginals result{std::vector<LabelScores>(size), {}, total};
    for (std::size_t token = 0; token < size; ++token) {
        for (std::size_t label = 0; label < label_count; ++label) {
            result.labels[token][label] =
                std::exp(forward[token][label] + backward[token][label] - total);
        }
        for (std::size_t from = 0; token + 1 < size && from < label_count; ++from) {
            for (std::size_t to = 0; to < label_count; ++to) {
                result.transitions[from][to] += std::exp(
                    forward[token][from] + transitions[from][to] + scores[token + 1][to] +
                    backward[token + 1][to] - total
                );
            }
        }
    }
    return result;
}

std::vector<Label> best_labels(
    const std::vector<LabelScores>& scores, const Transitions& transitions
) {
    auto size = scores.size();
    std::vector<std::array<std::uint8_t, label_count>> came_from(size);
    auto best = scores[0];
    best[inside] = impossible;
    for (std::size_t token = 1; token < size; ++token) {
        LabelScores next{};
        for (std::size_t to = 0; to < label_count; ++to) {
            std::size_t chosen = 0;
            for (std::size_t from = 1; from < label_count; ++from) {
                if (best[from] + transitions[from][to] > best[chosen] + transitions[chosen][to])
                    chosen = from;
            }
            came_from[token][to] = static_cast<std::uint8_t>(chosen);
            next[to] = best[chosen] + transitions[chosen][to] + scores[token][to];
        }
        best = next;
    }
    std::vector<Label> labels(size);
    auto label = static_cast<std::size_t>(std::ranges::max_element(best) - best.begin());
    for (std::size_t token = size; token-- > 0;) {
        labels[token] = static_cast<Label>(label);
        label = came_from[token][label];
    }
    return labels;
}

}  // namespace afterresume::skill_matching
