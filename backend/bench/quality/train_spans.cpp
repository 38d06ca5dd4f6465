// train-spans TRAIN.json OUT.tsv [folds]: learns the weights of the span tagger from labelled
// sentences. Reads only the file it is given; with `folds` it also prints cross-validated figures
// (whole postings are held out).
#include <array>
#include <cstdlib>
#include <string>

#include <fmt/core.h>

#include "ai/skills/name_scan.h"
#include "ai/skills/taxonomy.h"
#include "ai/skills/tokens.h"
#include "labelled_data.h"
#include "span_trainer.h"

namespace {

using namespace afterresume;
using quality::Example;
using quality::Features;
using quality::Score;
using quality::SpanTrainer;
using skill_matching::Label;

constexpr std::array<float, 4> eagerness_tried{0.0F, 0.1F, 0.2F, 0.3F};

// A label that ends in a closing sign or a full stop is a slip of the tokeniser, not part of the
// skill.
quality::ByteSpan without_trailing_signs(const std::string& text, quality::ByteSpan span) {
    while (span.second > span.first + 1) {
        char last = text[span.second - 1];
        bool closes = last == ')' && text.substr(span.first, span.second - span.first).find('(') ==
                                         std::string::npos;
        if (!closes && std::string_view(" .;:,!?*-").find(last) == std::string_view::npos) break;
        --span.second;
    }
    return span;
}

std::vector<Label> labels_of(
    const quality::LabelledSentence& sentence, const skill_matching::Sentence& tokens
) {
    std::vector<Label> labels(tokens.size(), Label::outside);
    for (auto span : sentence.spans) {
        span = without_trailing_signs(sentence.text, span);
        bool begun = false;
        for (std::size_t token = 0; token < tokens.size(); ++token) {
            if (tokens[token].start < span.first || tokens[token].end > span.second) continue;
            labels[token] = begun ? Label::inside : Label::begin;
            begun = true;
        }
    }
    return labels;
}

std::vector<Example> examples_of(
    const std::vector<quality::LabelledSentence>& sentences,
    const skill_matching::Taxonomy& taxonomy, const skill_matching::NameScan& names,
    Features& features
) {
    std::vector<Example> examples;
    for (const auto& sentence : sentences) {
        auto hits = names.find(sentence.text);
        for (const auto& tokens : skill_matching::sentences_of(sentence.text)) {
            skill_matching::SentenceFeatures seen(sentence.text, tokens, hits, taxonomy);
            Example example{sentence.posting, sentence.source, {}, labels_of(sentence, tokens)};
            for (std::size_t token = 0; token < tokens.size(); ++token) {
                auto& row = example.features.emplace_back();
                seen.for_each(token, [&](const skill_matching::Feature& feature) {
                    row.push_back(features.id_of(feature));
                });
            }
            examples.push_back(std::move(example));
        }
    }
    return examples;
}

float cross_validate(
    const std::vector<Example>& examples, const Features& features, int folds, std::size_t bytes
) {
    std::array<Score, eagerness_tried.size()> scores{};
    for (int fold = 0; fold < folds; ++fold) {
        std::vector<const Example*> train;
        std::vector<const Example*> held_out;
        for (const auto& example : examples) {
            (example.posting % folds == fold ? held_out : train).push_back(&example);
        }
        SpanTrainer trainer(features);
        trainer.learn(train);
        trainer.keep_strongest(bytes);
        for (const auto* example : held_out) {
            for (std::size_t index = 0;
                 example->source == quality::Source::tech && index < scores.size(); ++index) {
                trainer.score(*example, eagerness_tried[index], scores[index]);
            }
        }
    }
    std::size_t best = 0;
    for (std::size_t index = 0; index < scores.size(); ++index) {
        fmt::print(
            "eagerness {:.2f}: P {:.1f} R {:.1f} F1 {:.1f}\n", eagerness_tried[index],
            100.0 * double(scores[index].right) / double(scores[index].found),
            100.0 * double(scores[index].right) / double(scores[index].wanted), scores[index].f1()
        );
        if (scores[index].f1() > scores[best].f1()) best = index;
    }
    return eagerness_tried[best];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        fmt::print(stderr, "usage: train-spans TRAIN.json OUT.tsv [folds]\n");
        return 2;
    }
    constexpr std::size_t weight_bytes = 270'000;
    auto taxonomy = skill_matching::Taxonomy::built_in();
    skill_matching::NameScan names(taxonomy);
    Features features;
    auto examples =
        examples_of(quality::read_labelled_sentences(argv[1]), taxonomy, names, features);
    fmt::print("{} sentences, {} features\n", examples.size(), features.size());
    auto folds = argc > 3 ? std::atoi(argv[3]) : 4;
    auto eagerness = folds > 1 ? cross_validate(examples, features, folds, weight_bytes) : 0.3F;
    std::vector<const Example*> all;
    for (const auto& example : examples) all.push_back(&example);
    SpanTrainer trainer(features);
    trainer.learn(all);
    fmt::print("{} weights", trainer.kept());
    trainer.keep_strongest(weight_bytes);
    fmt::print(", {} kept\n", trainer.kept());
    trainer.write(argv[2], eagerness);
    return 0;
}
