#include "ai/skills/span_model.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include "ai/skills/span_features.h"

namespace afterresume::skill_matching {

namespace {

constexpr float unit = 0.01F;

std::array<std::int16_t, label_count> numbers_of(std::string_view fields) {
    std::array<std::int16_t, label_count> numbers{};
    const auto* position = fields.data();
    const auto* end = fields.data() + fields.size();
    for (auto& number : numbers) {
        auto [next, error] = std::from_chars(position, end, number);
        if (error != std::errc{})
            throw std::invalid_argument(fmt::format("span weights: no numbers in {}", fields));
        position = next < end ? next + 1 : next;
    }
    return numbers;
}

// Cuts off and returns what stands before the next separator.
std::string_view taken_until(char separator, std::string_view& text) {
    auto end = text.find(separator);
    auto taken = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return taken;
}

LabelScores scaled(const std::array<std::int16_t, label_count>& numbers) {
    return {numbers[0] * unit, numbers[1] * unit, numbers[2] * unit};
}

}  // namespace

SpanModel SpanModel::parse(std::string_view weights) {
    SpanModel model;
    auto lines = static_cast<std::size_t>(std::ranges::count(weights, '\n'));
    model.cells_.resize(std::bit_ceil(lines * 2 + 2));
    while (!weights.empty()) {
        auto line = taken_until('\n', weights);
        if (line.starts_with("# ") || line.empty()) continue;
        auto name = taken_until('\t', line);
        auto first = taken_until('\t', line);
        auto second = taken_until('\t', line);
        auto numbers = numbers_of(line);
        if (name == "eagerness") {
            model.eagerness_ = scaled(numbers)[0];
        } else if (name == "transition") {
            model.transitions_.at(static_cast<std::size_t>(first.at(0) - '0')) = scaled(numbers);
        } else {
            auto hash = hash_of(Feature{name, {first, hash_of(first)}, {second, hash_of(second)}});
            model.cells_[model.cell_of(hash)] = {hash, numbers};
        }
    }
    return model;
}

std::size_t SpanModel::cell_of(std::uint64_t feature) const {
    auto mask = cells_.size() - 1;
    auto cell = feature & mask;
    while (cells_[cell].feature != 0 && cells_[cell].feature != feature) cell = (cell + 1) & mask;
    return cell;
}

void SpanModel::add_weights(std::uint64_t feature, LabelScores& scores) const {
    const auto& found = cells_[cell_of(feature)];
    if (found.feature == 0) return;
    for (std::size_t label = 0; label < label_count; ++label) {
        scores[label] += static_cast<float>(found.numbers[label]) * unit;
    }
}

std::vector<TaggedSpan> SpanModel::decode(std::vector<LabelScores> scores) const {
    auto marginals = marginals_of(scores, transitions_);
    for (auto& row : scores) row[0] -= eagerness_;
    auto labels = best_labels(scores, transitions_);
    std::vector<TaggedSpan> spans;
    for (std::size_t token = 0; token < labels.size(); ++token) {
        auto probability = marginals.labels[token][static_cast<std::size_t>(labels[token])];
        if (labels[token] == Label::begin) {
            spans.push_back({token, token, probability});
        } else if (labels[token] == Label::inside && !spans.empty()) {
            spans.back().last = token;
            spans.back().probability = std::min(spans.back().probability, probability);
        }
    }
    return spans;
}

}  // namespace afterresume::skill_matching
