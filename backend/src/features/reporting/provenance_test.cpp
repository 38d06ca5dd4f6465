#include "features/reporting/provenance.h"

#include "features/reporting/resume_document.h"
#include "features/reporting/testing.h"

#include <gmock/gmock.h>

namespace afterresume::reporting {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

worklog::Entry an_entry(std::int64_t id, std::string content) {
    worklog::Entry entry;
    entry.id = {id};
    entry.occurred_on = LocalDate(2026, 3, 1);
    entry.content = std::move(content);
    return entry;
}

TEST(Passage, IsTheSentenceThatSharesMostWords) {
    constexpr std::string_view text =
        "Long day. Moved billing to PostgreSQL and cut the run from 3 hours to 20 minutes.\nAlso: "
        "lunch!";

    EXPECT_EQ(
        passage_of(text, "Cut the billing run to 20 minutes"),
        "Moved billing to PostgreSQL and cut the run from 3 hours to 20 minutes."
    );
    EXPECT_EQ(passage_of(text, "Lunch"), "Also: lunch!");
    EXPECT_EQ(passage_of("", "Lunch"), "");
}

TEST(Passage, IsCutBetweenCharacters) {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "ü";

    auto quote = passage_of(text, "x");

    EXPECT_EQ(quote.size(), 600U);
}

TEST(Provenance, QuotesEachPieceOfEvidenceAndSaysWhereItIs) {
    auto line = a_line("Cut the bill", {7});
    line.evidence.push_back({EvidenceKind::position, 8});
    line.evidence.push_back({EvidenceKind::profile, std::nullopt});
    Sources sources;
    sources.entries.emplace(7, an_entry(7, "Met Bo. Cut the bill by half."));
    profile::Item<profile::Position> position;
    position.id = {8};
    position.name = "Northshop";
    position.position = "Developer";
    sources.profile.work = {position};
    sources.profile.basics.label = "Engineer";

    auto proven = provenance_of(a_content({a_section("shop", {line})}), sources, 10);

    ASSERT_THAT(proven.lines, SizeIs(1));
    const auto& evidence = proven.lines[0].evidence;
    ASSERT_THAT(evidence, SizeIs(3));
    EXPECT_EQ(evidence[0].quote, "Cut the bill by half.");
    EXPECT_EQ(evidence[0].link, "/api/worklogs/7/");
    EXPECT_EQ(evidence[0].occurred_on, LocalDate(2026, 3, 1));
    EXPECT_EQ(evidence[1].quote, "Developer, Northshop");
    EXPECT_EQ(evidence[1].link, "/api/profile/work/8/");
    EXPECT_EQ(evidence[2].quote, "Engineer");
    EXPECT_EQ(proven.lines[0].pointer, std::nullopt);
}

TEST(Provenance, SaysWhatIsNoLongerThere) {
    auto proven =
        provenance_of(a_content({a_section("shop", {a_line("Cut the bill", {7})})}), {}, 10);

    EXPECT_EQ(proven.lines.at(0).evidence.at(0).quote, std::nullopt);
}

TEST(Provenance, CountsWhatItDoesNotQuote) {
    auto proven =
        provenance_of(a_content({a_section("", {a_line("3 entries", {1, 2, 3})})}), {}, 2);

    EXPECT_EQ(proven.lines.at(0).evidence_count, 3);
    EXPECT_THAT(proven.lines.at(0).evidence, SizeIs(2));
}

TEST(Provenance, PointsIntoTheDocumentThatIsExported) {
    auto content = a_resume_content();
    Json document = resume_document(shown(content, Unverified::left_out));

    auto proven = provenance_of(content, {}, 10);

    std::size_t pointed = 0;
    for (const auto& line : proven.lines) {
        if (!line.pointer) continue;
        ++pointed;
        EXPECT_EQ(document.at_pointer(*line.pointer).as_string(), line.text) << *line.pointer;
    }
    EXPECT_EQ(pointed, 5U);
}

}  // namespace
}  // namespace afterresume::reporting
