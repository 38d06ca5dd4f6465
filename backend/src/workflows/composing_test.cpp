#include "workflows/composing.h"

#include <gmock/gmock.h>

namespace afterresume::workflows {
namespace {

using reporting::EvidenceKind;
using reporting::Verdict;
using testing::ElementsAre;
using testing::IsEmpty;

worklog::Entry an_entry(std::int64_t id, std::string content) {
    worklog::Entry entry;
    entry.id = {id};
    entry.occurred_on = LocalDate(2026, 3, 2);
    entry.content = std::move(content);
    return entry;
}

skills::Skill a_skill(std::string slug, std::string name) {
    skills::Skill skill;
    skill.slug = std::move(slug);
    skill.name = std::move(name);
    return skill;
}

TEST(Proofs, FlagTheWordsThatNoEvidenceHolds) {
    Proofs proofs;
    add_entries(proofs, logged_entries({an_entry(1, "Cut the build from 9 to 3 minutes.")}, {}));

    auto right = proofs.checked("Cut the build from 9 to 3 minutes", {entry_evidence("1")});
    auto wrong = proofs.checked("Cut the build from 9 to 2 minutes", {entry_evidence("1")});

    EXPECT_EQ(right.verdict, Verdict::verified);
    EXPECT_THAT(right.words, IsEmpty());
    EXPECT_EQ(wrong.verdict, Verdict::unverified);
    EXPECT_FALSE(wrong.words.empty());
}

TEST(Proofs, ProveNothingByWhatIsNotThere) {
    Proofs proofs;
    add_entries(proofs, logged_entries({an_entry(1, "Cut the build from 9 to 3 minutes.")}, {}));

    auto line = proofs.checked("Cut the build from 9 to 3 minutes", {entry_evidence("2")});

    EXPECT_EQ(line.verdict, Verdict::unverified);
    EXPECT_THAT(line.evidence, ElementsAre(reporting::Evidence{EvidenceKind::entry, 2}));
}

TEST(Proofs, AcceptFiguresThatWereCounted) {
    Proofs proofs;
    auto entries =
        logged_entries({an_entry(1, "Fixed the cart."), an_entry(2, "Fixed the bill.")}, {});
    add_entries(proofs, entries);

    auto evidence = std::vector{entry_evidence("1"), entry_evidence("2")};

    EXPECT_EQ(proofs.checked("2 fixes", evidence, {"2"}).verdict, Verdict::verified);
    EXPECT_EQ(proofs.checked("3 fixes", evidence, {"2"}).verdict, Verdict::unverified);
}

TEST(Proofs, HoldEntriesPositionsProjectsAndTheProfile) {
    profile::Profile declared;
    declared.work.emplace_back().id = {7};
    declared.projects.emplace_back().id = {8};
    Proofs proofs;
    add_entries(proofs, logged_entries({an_entry(1, "Fixed the cart.")}, {}));
    add_career(proofs, career_of(declared));

    EXPECT_THAT(
        proofs.names(), testing::UnorderedElementsAre(
                            reporting::Evidence{EvidenceKind::entry, 1},
                            reporting::Evidence{EvidenceKind::position, 7},
                            reporting::Evidence{EvidenceKind::project, 8},
                            reporting::Evidence{EvidenceKind::profile, std::nullopt}
                        )
    );
}

TEST(LoggedEntries, NameSkillsAsTheirPersonDoesAndLeaveHiddenOnesOut) {
    auto entry = an_entry(1, "Wrote the exporter in Kotlin and COBOL.");
    entry.skills = {"kotlin", "cobol"};

    auto logged = logged_entries({entry}, {a_skill("kotlin", "Kotlin on the JVM")});

    EXPECT_THAT(logged.at(0).skills, ElementsAre("Kotlin on the JVM"));
}

TEST(LoggedEntries, CarryWhatAnalysisFound) {
    agents::EntryAnalysis analysis;
    analysis.category = agents::WorkCategory::security;
    analysis.impact = 61;
    auto entry = an_entry(1, "Closed the hole.");
    entry.analysis = {describe::to_json(analysis)};
    entry.position_id = 7;

    auto logged = logged_entries({entry, an_entry(2, "Not analysed.")}, {});

    EXPECT_EQ(logged.at(0).category, agents::WorkCategory::security);
    EXPECT_EQ(logged.at(0).impact, 61);
    EXPECT_EQ(logged.at(0).position_id, "7");
    EXPECT_EQ(logged.at(1).impact, std::nullopt);
}

}  // namespace
}  // namespace afterresume::workflows
