#include "span_trainer.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <random>

#include <fmt/core.h>

namespace afterresume::quality {

using skill_matching::Label;
using skill_matching::label_count;
using skill_matching::LabelScores;
using skill_matching::Transitions;

namespace {

constexpr int epochs = 14;
constexpr float learning_rate = 0.12F;
constexpr float l1 = 2.2e-2F;  // pulls useless weights to zero
constexpr float l2 = 5.0e-3F;
constexpr std::size_t rarest_feature = 2;

long hundredths(float value) { return std::clamp(std::lround(value * 100), -30000L, 30000L); }

std::vector<std::pair<std::size_t, std::size_t>> spans_of(const std::vector<Label>& labels) {
    std::vector<std::pair<std::size_t, std::size_t>> spans;
    for (std::size_t token = 0; token < labels.size(); ++token) {
        if (labels[token] == Label::begin) spans.emplace_back(token, token);
        if (labels[token] == Label::inside && !spans.empty()) spans.back().second = token;
    }
    return spans;
}

}  // namespace

SpanTrainer::SpanTrainer(const Features& features)
    : features_(features), weights_(features.size()) {
    transitions_[0][2] = skill_matching::impossible;
}

void SpanTrainer::learn(const std::vector<const Example*>& examples) {
    std::mt19937 random(20211);
    auto order = examples;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        std::ranges::shuffle(order, random);
        for (const auto* example : order) step(*example, static_cast<float>(order.size()));
    }
}

void SpanTrainer::score(const Example& example, float eagerness, Score& into) const {
    auto scores = scores_of(example);
    for (auto& row : scores) row[0] -= eagerness;
    auto found = spans_of(skill_matching::best_labels(scores, transitions_));
    auto wanted = spans_of(example.labels);
    into.found += found.size();
    into.wanted += wanted.size();
    for (const auto& span : found) into.right += std::ranges::count(wanted, span);
}

void SpanTrainer::keep_strongest(std::size_t bytes) {
    std::vector<std::uint32_t> ids(weights_.size());
    std::iota(ids.begin(), ids.end(), 0U);
    std::ranges::sort(ids, [this](auto left, auto right) {
        return strength(left) > strength(right);
    });
    std::size_t used = 0;
    for (auto id : ids) {
        used += features_.name(id).size() + 12;
        if (used > bytes || strength(id) < 0.02F) weights_[id].value = {};
    }
}

void SpanTrainer::write(const std::string& file, float eagerness) const {
    std::ofstream output(file);
    output << "# Weights of the span tagger, in hundredths: feature (three fields), outside, "
              "begin, inside.\n"
              "# Learnt by bench/quality/train_spans.cpp from the training sentences of SkillSpan "
              "(Zhang, Jensen,\n"
              "# Sonniks, Plank, NAACL 2022; MIT, data CC BY 4.0). Made by a program: train again, "
              "do not edit.\n";
    output << fmt::format("eagerness\t\t\t{}\t0\t0\n", std::lround(eagerness * 100));
    for (std::size_t from = 0; from < label_count; ++from) {
        output << fmt::format(
            "transition\t{}\t\t{}\t{}\t{}\n", from, hundredths(transitions_[from][0]),
            hundredths(transitions_[from][1]), hundredths(transitions_[from][2])
        );
    }
    std::map<std::string, LabelScores> sorted;
    for (std::uint32_t id = 0; id < weights_.size(); ++id) {
        if (strength(id) > 0) sorted.emplace(features_.name(id), weights_[id].value);
    }
    for (const auto& [name, value] : sorted) {
        output << fmt::format(
            "{}\t{}\t{}\t{}\n", name, hundredths(value[0]), hundredths(value[1]),
            hundredths(value[2])
        );
    }
}

std::size_t SpanTrainer::kept() const {
    return static_cast<std::size_t>(std::ranges::count_if(weights_, [](const Weight& weight) {
        return std::ranges::any_of(weight.value, [](float value) { return value != 0; });
    }));
}

float SpanTrainer::strength(std::size_t id) const {
    const auto& value = weights_[id].value;
    auto [low, high] = std::ranges::minmax(value);
    return (high - low) * std::log(1.0F + static_cast<float>(features_.count(id)));
}

std::vector<LabelScores> SpanTrainer::scores_of(const Example& example) const {
    std::vector<LabelScores> scores(example.features.size());
    for (std::size_t token = 0; token < scores.size(); ++token) {
        for (auto id : example.features[token]) {
            for (std::size_t label = 0; label < label_count; ++label) {
                scores[token][label] += weights_[id].value[label];
            }
        }
    }
    return scores;
}

// The penalty of the steps a feature was absent from is caught up when it is touched.
void SpanTrainer::step(const Example& example, float examples) {
    ++steps_;
    auto marginals = skill_matching::marginals_of(scores_of(example), transitions_);
    for (std::size_t token = 0; token < example.features.size(); ++token) {
        auto gradient = marginals.labels[token];
        gradient[static_cast<std::size_t>(example.labels[token])] -= 1;
        for (auto id : example.features[token]) {
            if (features_.count(id) >= rarest_feature) descend(weights_[id], gradient, examples);
        }
    }
    descend_transitions(example, marginals.transitions);
}

void SpanTrainer::descend(Weight& weight, const LabelScores& gradient, float examples) {
    auto skipped = static_cast<float>(steps_ - weight.touched) / examples;
    weight.touched = steps_;
    for (std::size_t label = 0; label < label_count; ++label) {
        weight.squares[label] += gradient[label] * gradient[label];
        auto rate = learning_rate / std::sqrt(weight.squares[label]);
        auto value = weight.value[label] - rate * gradient[label];
        value *= 1 - std::min(0.5F, rate * l2 * skipped * 40);
        auto shrink = rate * l1 * skipped * 40;
        weight.value[label] = value > shrink    ? value - shrink
                              : value < -shrink ? value + shrink
                                                : 0;
    }
}

void SpanTrainer::descend_transitions(const Example& example, Transitions gradient) {
    for (std::size_t token = 1; token < example.labels.size(); ++token) {
        auto from = static_cast<std::size_t>(example.labels[token - 1]);
        gradient[from][static_cast<std::size_t>(example.labels[token])] -= 1;
    }
    for (std::size_t from = 0; from < label_count; ++from) {
        for (std::size_t to = 0; to < label_count; ++to) {
            if (from == 0 && to == 2) continue;
            auto slope = gradient[from][to];
            squares_[from][to] += slope * slope;
            transitions_[from][to] -= learning_rate * slope / std::sqrt(1 + squares_[from][to]);
        }
    }
}

}  // namespace afterresume::quality
