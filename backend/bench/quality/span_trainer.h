// Learns the weights of the span tagger: a linear-chain conditional random field trained by AdaGrad
// with l1 and l2 penalties. Examples and features are the caller's and must outlive the trainer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "ai/skills/label_chain.h"
#include "ai/skills/span_features.h"
#include "labelled_data.h"

namespace afterresume::quality {

struct Example {
    long posting;
    Source source;
    std::vector<std::vector<std::uint32_t>> features;
    std::vector<skill_matching::Label> labels;
};

struct Score {
    std::size_t right = 0;
    std::size_t found = 0;
    std::size_t wanted = 0;

    double f1() const {
        return wanted + found == 0 ? 0 : 200.0 * double(right) / double(wanted + found);
    }
};

// Numbers the features of all examples and counts how often each occurs.
class Features {
public:
    std::uint32_t id_of(const skill_matching::Feature& feature) {
        auto [found, is_new] = ids_.emplace(skill_matching::spelled(feature), names_.size());
        if (is_new) {
            names_.push_back(found->first);
            counts_.push_back(0);
        }
        ++counts_[found->second];
        return static_cast<std::uint32_t>(found->second);
    }

    const std::string& name(std::size_t id) const { return names_[id]; }
    std::size_t count(std::size_t id) const { return counts_[id]; }
    std::size_t size() const { return names_.size(); }

private:
    std::unordered_map<std::string, std::size_t> ids_;
    std::vector<std::string> names_;
    std::vector<std::size_t> counts_;
};

class SpanTrainer {
public:
    explicit SpanTrainer(const Features& features);

    void learn(const std::vector<const Example*>& examples);

    // Adds how well the spans of the example are found. `eagerness` is taken off every outside
    // score.
    void score(const Example& example, float eagerness, Score& into) const;

    // Drops the weakest weights until the file of weights takes about `bytes`.
    void keep_strongest(std::size_t bytes);

    void write(const std::string& file, float eagerness) const;

    std::size_t kept() const;

private:
    struct Weight {
        skill_matching::LabelScores value{};
        skill_matching::LabelScores squares{1, 1, 1};
        std::size_t touched = 0;
    };

    float strength(std::size_t id) const;
    std::vector<skill_matching::LabelScores> scores_of(const Example& example) const;
    void step(const Example& example, float examples);
    void descend(Weight& weight, const skill_matching::LabelScores& gradient, float examples);
    void descend_transitions(const Example& example, skill_matching::Transitions gradient);

    const Features& features_;
    std::vector<Weight> weights_;
    skill_matching::Transitions transitions_{};
    skill_matching::Transitions squares_{};
    std::size_t steps_ = 0;
};

}  // namespace afterresume::quality
