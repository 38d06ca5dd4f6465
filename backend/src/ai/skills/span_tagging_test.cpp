#include <cmath>

#include <gmock/gmock.h>

#include "ai/skills/automaton.h"
#include "ai/skills/folding.h"
#include "ai/skills/label_chain.h"
#include "ai/skills/span_features.h"
#include "ai/skills/span_model.h"
#include "ai/skills/spellings.h"
#include "ai/skills/tokens.h"

namespace afterresume::skill_matching {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::FloatNear;
using testing::Not;

std::vector<std::string> tokens_in(std::string_view text) {
    std::vector<std::string> words;
    for (const auto& sentence : sentences_of(text)) {
        for (const auto& token : sentence)
            words.emplace_back(text.substr(token.start, token.end - token.start));
    }
    return words;
}

Value value(std::string_view text) { return {text, hash_of(text)}; }

TEST(Tokens, KeepSignsInsideWordsAndCutThemAtTheEdges) {
    EXPECT_THAT(
        tokens_in("(Node.js, C#/.NET) and C++."),
        ElementsAre("(", "Node.js", ",", "C#/.NET", ")", "and", "C++", ".")
    );
    EXPECT_THAT(tokens_in("[docs](x)"), ElementsAre("[", "docs", "]", "(", "x", ")"));
}

TEST(Tokens, EndSentencesAtLinesAndFullStops) {
    EXPECT_EQ(sentences_of("One two. Three\nfour\n\n").size(), 3U);
    EXPECT_EQ(sentences_of("   ").size(), 0U);
}

TEST(Tokens, NeverMakeASentenceTooLongToTag) {
    std::string text;
    for (int word = 0; word < 1000; ++word) text += "word ";

    for (const auto& sentence : sentences_of(text)) EXPECT_LE(sentence.size(), 120U);
}

TEST(Folding, MakesTheSpellingsOfANameEqual) {
    EXPECT_EQ(fold("  Front–End\tDev "), "front end dev");
    EXPECT_EQ(name_key("Node.js"), name_key("node JS"));
    EXPECT_EQ(fold("ＡＢＣ ẞ"), "abc ss");
}

TEST(Spellings, CoverSignsJoinsAndBritishEndings) {
    EXPECT_THAT(spellings_of("Node.js", Kind::tool), Contains("nodejs"));
    EXPECT_THAT(spellings_of("C#", Kind::tool), Contains("c #"));
    EXPECT_THAT(spellings_of("Power BI", Kind::tool), Contains("powerbi"));
    EXPECT_THAT(spellings_of("Virtualization", Kind::concept_), Contains("virtualisation"));
    EXPECT_THAT(
        spellings_of("Relational Databases", Kind::concept_), Contains("relational database")
    );
    EXPECT_THAT(spellings_of("Kubernetes", Kind::tool), Not(Contains("kubernete")));
}

TEST(Automaton, ReportsEveryPatternThatEndsAtAByteLongestFirst) {
    Automaton automaton({"he", "she", "his", "hers", "e"});

    auto state = Automaton::root;
    for (char letter : std::string_view("uSHE")) {
        state = automaton.next(state, automaton.class_of(static_cast<unsigned char>(letter)));
    }
    std::vector<std::uint32_t> found;
    automaton.for_each_match(state, [&](std::uint32_t pattern) { found.push_back(pattern); });

    EXPECT_THAT(found, ElementsAre(1U, 0U, 4U));
}

TEST(LabelChain, MarginalsSumToOneAndForbidInsideAfterOutside) {
    Transitions transitions{};
    transitions[0][2] = impossible;
    std::vector<LabelScores> scores{{1, 0, 5}, {0, 0.5F, 2}, {0.2F, 0, 1}};

    auto marginals = marginals_of(scores, transitions);

    for (const auto& row : marginals.labels)
        EXPECT_THAT(row[0] + row[1] + row[2], FloatNear(1, 1e-4F));
    EXPECT_THAT(marginals.labels[0][2], FloatNear(0, 1e-4F));
    EXPECT_THAT(marginals.transitions[0][2], FloatNear(0, 1e-4F));
}

TEST(LabelChain, BestLabelsWeighTransitions) {
    Transitions transitions{};
    transitions[0][2] = impossible;
    transitions[1][2] = 2;
    std::vector<LabelScores> scores{{0, 1, 0}, {1, 0, 0}, {3, 0, 0}};

    EXPECT_THAT(
        best_labels(scores, transitions), ElementsAre(Label::begin, Label::inside, Label::outside)
    );
}

TEST(SpanModel, ReadsWeightsAndTagsWithThem) {
    auto model = SpanModel::parse(
        "# comment\n"
        "eagerness\t\t\t0\t0\t0\n"
        "transition\t0\t\t0\t0\t-30000\n"
        "w\tjava\t\t-100\t300\t0\n"
        "w\tscript\tx\t0\t0\t400\n"
    );
    std::vector<LabelScores> scores(3);
    model.add_weights(hash_of(Feature{"w", value("java")}), scores[0]);
    model.add_weights(hash_of(Feature{"w", value("script"), value("x")}), scores[1]);
    scores[2][0] = 5;

    auto spans = model.decode(scores);

    ASSERT_EQ(spans.size(), 1U);
    EXPECT_EQ(spans[0].first, 0U);
    EXPECT_EQ(spans[0].last, 1U);
    EXPECT_GT(spans[0].probability, 0.5F);
}

TEST(SpanModel, RefusesLinesWithoutNumbers) {
    EXPECT_THROW(SpanModel::parse("w\tjava\t\tmany\n"), std::invalid_argument);
}

}  // namespace
}  // namespace afterresume::skill_matching
