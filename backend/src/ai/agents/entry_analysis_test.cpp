#include "ai/agents/entry_analysis.h"

#include "core/text.h"

#include <gmock/gmock.h>

namespace afterresume::agents {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

EntryText entry(std::string content, std::optional<std::string> outcome = std::nullopt) {
    return {std::nullopt, std::move(content), std::move(outcome), {}, LocalDate(2026, 3, 2)};
}

TEST(EntryAnalysis, SumsUpTheFirstThingSaid) {
    auto found = analyse_entry(
        entry("fix(login): keep the session after a password change (#77)\n\nCloses #70")
    );

    EXPECT_EQ(found.summary, "Kept the session after a password change");
    EXPECT_EQ(found.category, WorkCategory::fix);
}

TEST(EntryAnalysis, FindsTheSentenceThatTellsTheResult) {
    auto text = entry(
        "Rewrote the importer. It now handles **2 million** rows.\n\nThis reduced the nightly run "
        "from 3 h to 25 min."
    );

    auto found = analyse_entry(text);

    ASSERT_THAT(
        found.outcomes,
        Contains(Field(&OutcomeSentence::text, "This reduced the nightly run from 3 h to 25 min."))
    );
    for (const auto& outcome : found.outcomes) {
        auto quoted = text.content.substr(
            static_cast<std::size_t>(outcome.start),
            static_cast<std::size_t>(outcome.end - outcome.start)
        );
        EXPECT_EQ(quoted.substr(0, 3), outcome.text.substr(0, 3));
        EXPECT_EQ(quoted.back(), outcome.text.back());
    }
}

TEST(EntryAnalysis, NamesActionVerbsByLemmaAndStrength) {
    auto found = analyse_entry(entry("Led the migration and cut costs."));

    EXPECT_THAT(
        found.verbs,
        Contains(testing::AllOf(Field(&ActionVerb::lemma, "lead"), Field(&ActionVerb::strength, 3)))
    );
    EXPECT_THAT(found.verbs, Contains(Field(&ActionVerb::lemma, "cut")));
}

struct Sorted {
    const char* content;
    WorkCategory category;
};

class EntryCategory : public testing::TestWithParam<Sorted> {};

TEST_P(EntryCategory, FollowsWhatTheEntryTells) {
    auto found = analyse_entry(entry(GetParam().content));

    EXPECT_EQ(found.category, GetParam().category) << GetParam().content;
}

INSTANTIATE_TEST_SUITE_P(
    Entries, EntryCategory,
    testing::Values(
        Sorted{"feat: dark mode for the editor", WorkCategory::feature},
        Sorted{"Mentored two students in statistics", WorkCategory::teaching},
        Sorted{
            "Negotiated the renewal contract with the largest client, revenue up 12%",
            WorkCategory::sales
        },
        Sorted{"Triaged patients in the ward during the night shift", WorkCategory::care},
        Sorted{"Met with the partner team, discussed the call for papers", WorkCategory::meeting},
        Sorted{"TIL: how to use window functions in SQL", WorkCategory::learning},
        Sorted{"chore(deps): bump left-pad to 1.3.0", WorkCategory::maintenance},
        Sorted{"docs: explain the retry policy", WorkCategory::documentation}
    )
);

TEST(EntryAnalysis, RatesMeasuredWorkAboveUnmeasuredAndChoresLowest) {
    auto measured =
        analyse_entry(entry("Cut build time from 12 min to 4 min by caching dependencies.")).impact;
    auto told = analyse_entry(entry("Added caching to the build.")).impact;
    auto chore = analyse_entry(entry("chore: fix typo")).impact;

    EXPECT_GT(measured, told + 20);
    EXPECT_GT(told, chore);
    EXPECT_LE(measured, 100);
    EXPECT_LE(chore, 8);
}

TEST(EntryAnalysis, SuggestsWhatIsMissing) {
    auto bare = analyse_entry(entry("Rebuilt the checkout page with the new components."));
    auto unmeasured = analyse_entry(entry(
        "Rebuilt the checkout page with the new components.", "Customers find the voucher field"
    ));
    auto complete = analyse_entry(entry(
        "Rebuilt the checkout page with the new components.", "Abandoned carts fell from 31% to 24%"
    ));

    EXPECT_THAT(bare.suggestion.value_or(""), HasSubstr("what it changed"));
    EXPECT_THAT(unmeasured.suggestion.value_or(""), HasSubstr("number"));
    EXPECT_EQ(complete.suggestion, std::nullopt);
}

TEST(EntryAnalysis, SaysTheSameEveryTime) {
    auto text = entry("Reduced p95 by 30% and trained 12 colleagues.");

    auto first = analyse_entry(text);
    auto second = analyse_entry(text);

    EXPECT_EQ(first.summary, second.summary);
    EXPECT_EQ(first.impact, second.impact);
    EXPECT_EQ(first.metrics.size(), second.metrics.size());
}

class OddText : public testing::TestWithParam<std::string> {};

TEST_P(OddText, IsAnalysedWithoutHarm) {
    auto found = analyse_entry(entry(GetParam()));

    EXPECT_GE(found.impact, 0);
    for (const auto& metric : found.metrics) {
        EXPECT_LE(metric.start, metric.end);
        EXPECT_LE(metric.end, static_cast<std::int64_t>(GetParam().size()));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, OddText,
    testing::Values(
        "", " ", "\n\n\n", "#", "```", "`", "[](", "![", "from 1 to", "from 1 ms to", "%", "+",
        "- ", "1", "€", "数据库性能提升了 40%", "تم تقليل الوقت بنسبة 40%", "🎉🎉 3x 🎉",
        std::string(5000, '*'), std::string(5000, '['),
        "a\xCC\x81"
        "b 10 % \xE2\x80\x94 fin",
        "()[]{}: - #1", "[x]   ", "(Zed is new) and Zed is good", "log \t x", "fix: \t",
        "add \xE2\x80\x8B", "<b>bold</b> <!-- x"
    )
);

TEST(EntryAnalysis, NeverCutsACharacterInTwo) {
    for (auto text :
         {"₀₁₂ and more", "• A bullet", "┬─┬ノ( º _ ºノ)", "¸˛Ç◊ı˜Â¯˘¿ Ça Âme Été",
          "\u202atest\u202a"}) {
        EntryText entry;
        entry.content = text;

        EXPECT_TRUE(is_utf8(analyse_entry(entry).summary)) << text;
    }
}

}  // namespace
}  // namespace afterresume::agents
