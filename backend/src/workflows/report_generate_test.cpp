#include "workflows/report_generate.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace afterresume::workflows {
namespace {

using reporting::Kind;
using reporting::Verdict;

ReportMaterial material_of(Kind kind) {
    constexpr auto contents = std::to_array<const char*>({
        "Cut the nightly import from 90 to 12 minutes by batching inserts into PostgreSQL.",
        "Fixed the checkout that lost vouchers on retry.",
        "Wrote the runbook for restoring backups.",
        "Led the review of the access rules with two colleagues.",
        "Bumped dependencies to their latest versions.",
        "Added search by customer number. Tomorrow: roll it out to all branches.",
        "Learned how window functions order their frames.",
        "Paired on the flaky payment test; blocked by missing sandbox keys.",
    });
    ReportMaterial material;
    material.kind = kind;
    material.window = {LocalDate(2026, 3, 1), LocalDate(2026, 3, 31)};
    material.person = "Ada Example";
    skills::Skill postgres;
    postgres.slug = "postgresql";
    postgres.name = "PostgreSQL";
    material.skills = {postgres};
    for (int i = 0; i < 40; ++i) {
        worklog::Entry entry;
        entry.id = {100 + i};
        entry.occurred_on = LocalDate(2026, 3, 1).plus_days(i % 31);
        entry.content = contents[static_cast<std::size_t>(i) % contents.size()];
        entry.project = i % 3 == 0 ? "shop" : "ledger";
        if (i % 8 == 0) entry.skills = {"postgresql"};
        material.entries.push_back(entry);
    }
    return material;
}

class EveryKind : public testing::TestWithParam<Kind> {};

TEST_P(EveryKind, HasLinesThatRestOnEntriesAndSayNothingElse) {
    auto composed = compose(material_of(GetParam()));

    auto counts = reporting::count_lines(composed.draft.content);
    EXPECT_GT(counts.lines, 2);
    for (const auto& section : composed.draft.content.sections) {
        for (const auto& line : section.lines) {
            EXPECT_EQ(line.verdict, Verdict::verified)
                << line.text << ": " << fmt::format("{}", fmt::join(line.words, ", "));
            EXPECT_FALSE(line.evidence.empty()) << line.text;
            for (const auto& evidence : line.evidence)
                EXPECT_THAT(composed.known, testing::Contains(evidence)) << line.text;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, EveryKind,
    testing::Values(
        Kind::standup, Kind::status, Kind::summary, Kind::weekly, Kind::monthly, Kind::self_review
    ),
    [](const auto& kind) { return std::string(describe::name_of(kind.param)); }
);

TEST(ReportGenerate, NamesThePersonAndTheDays) {
    auto composed = compose(material_of(Kind::monthly));

    EXPECT_THAT(
        composed.draft.title,
        testing::AllOf(testing::HasSubstr("March 2026"), testing::HasSubstr("Ada Example"))
    );
    EXPECT_EQ(
        composed.draft.window, (reporting::Window{LocalDate(2026, 3, 1), LocalDate(2026, 3, 31)})
    );
}

TEST(ReportGenerate, MakesAReportOfNothing) {
    auto material = material_of(Kind::status);
    material.entries.clear();

    auto composed = compose(material);

    EXPECT_FALSE(composed.draft.title.empty());
    EXPECT_EQ(reporting::count_lines(composed.draft.content).lines, 0);
}

TEST(ReportGenerate, RefusesToMakeAResume) {
    EXPECT_THROW(compose(material_of(Kind::resume)), Error);
}

}  // namespace
}  // namespace afterresume::workflows
