#include "ai/agents/report_composition.h"
#include "ai/agents/resume_composition.h"
#include "ai/agents/verifier.h"

#include <gmock/gmock.h>

#include <map>

namespace afterresume::agents {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

LoggedEntry entry(
    std::string id, LocalDate date, std::string content, std::string project,
    std::optional<std::string> outcome = std::nullopt
) {
    LoggedEntry out;
    out.id = std::move(id);
    out.date = date;
    out.content = std::move(content);
    out.project = std::move(project);
    out.outcome = std::move(outcome);
    return out;
}

// A month of a small shop's web team, as people write it.
std::vector<LoggedEntry> log() {
    std::vector<LoggedEntry> out{
        entry("1", {2026, 3, 2}, "fix(cart): keep the voucher after login (#12)", "shop"),
        entry(
            "2", {2026, 3, 3}, "Moved image resizing to a queue", "shop",
            "Upload time fell from 9 s to 2 s"
        ),
        entry("3", {2026, 3, 4}, "feat(search): typo tolerance", "search"),
        entry("4", {2026, 3, 5}, "chore(deps): update dependency vue to v3.5.1", "shop"),
        entry("5", {2026, 3, 5}, "chore(release): 2.4.0", "shop"),
        entry(
            "6", {2026, 3, 9},
            "Trained 8 colleagues of the Leeds office on the new returns process.", "office"
        ),
        entry(
            "7", {2026, 3, 10},
            "perf(search): cache synonyms\n\nThis reduced the median from 80 ms to 30 ms.", "search"
        ),
        entry(
            "8", {2026, 3, 11},
            "Fixed the tax rounding. Reviewed the contract with Nordwind. Tomorrow: test it with "
            "Maria. Blocked by the bank certificate.",
            "shop"
        ),
        entry("9", {2026, 3, 11}, "fix(cart): keep voucher after the login", "shop"),
        entry("10", {2026, 3, 12}, "TIL: how to use generated columns in PostgreSQL", "search"),
        entry("11", {2026, 3, 13}, "docs: describe the refund flow", "shop"),
        entry(
            "12", {2026, 3, 16}, "Negotiated a new parcel contract and saved 1,200 € per month",
            "office"
        ),
    };
    out[1].skills = {"RabbitMQ"};
    out[1].content += " with RabbitMQ";
    return out;
}

std::vector<std::string> texts(const ReportDraft& draft, std::string_view heading) {
    std::vector<std::string> out;
    for (const auto& section : draft.sections) {
        if (section.heading != heading) continue;
        for (const auto& line : section.lines) out.push_back(line.text);
    }
    return out;
}

std::vector<ReportLine> all_lines(const ReportDraft& draft) {
    std::vector<ReportLine> out;
    if (draft.intro) out.push_back(*draft.intro);
    for (const auto& section : draft.sections)
        out.insert(out.end(), section.lines.begin(), section.lines.end());
    return out;
}

ReportRequest request(ReportKind kind) {
    return {kind, LocalDate(2026, 3, 1), LocalDate(2026, 3, 31), std::nullopt, log()};
}

class EveryReport : public testing::TestWithParam<ReportKind> {};

TEST_P(EveryReport, HoldsOnlyLinesThatItsEntriesProve) {
    std::map<std::string, Evidence> evidence;
    for (const auto& written : log()) evidence[written.id] = evidence_of(written);

    auto lines = all_lines(compose_report(request(GetParam())));

    EXPECT_THAT(lines, Not(IsEmpty()));
    for (const auto& line : lines) {
        std::vector<Evidence> own;
        for (const auto& id : line.evidence) own.push_back(evidence.at(id));
        auto verdict = verify_line(line.text, own, line.computed);
        EXPECT_THAT(own, Not(IsEmpty())) << line.text;
        EXPECT_THAT(verdict.words, IsEmpty()) << line.text;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, EveryReport,
    testing::Values(
        ReportKind::standup, ReportKind::status, ReportKind::summary, ReportKind::weekly,
        ReportKind::monthly, ReportKind::self_review
    )
);

TEST(Report, TellsAStandUpWithPlansAndObstaclesOfTheText) {
    auto asked = request(ReportKind::standup);
    asked.from = asked.to = LocalDate(2026, 3, 11);

    auto draft = compose_report(asked);

    EXPECT_EQ(draft.title, "Stand-up, Wednesday 11 March 2026");
    EXPECT_THAT(texts(draft, "Done"), Contains("Fixed the tax rounding"));
    EXPECT_THAT(texts(draft, "Done"), Contains("Reviewed the contract with Nordwind"));
    EXPECT_THAT(texts(draft, "Next"), ElementsAre("Test it with Maria"));
    EXPECT_THAT(texts(draft, "Blockers"), ElementsAre("Blocked by the bank certificate"));
}

TEST(Report, SaysNearlyTheSameOnceAndKeepsBothProofs) {
    auto lines = all_lines(compose_report(request(ReportKind::monthly)));

    std::vector<ReportLine> voucher;
    for (const auto& line : lines) {
        if (line.text.find("voucher") != std::string::npos) voucher.push_back(line);
    }
    ASSERT_THAT(voucher, SizeIs(1));
    EXPECT_THAT(voucher[0].evidence, testing::UnorderedElementsAre("1", "9"));
}

TEST(Report, CountsHousekeepingInsteadOfListingIt) {
    auto draft = compose_report(request(ReportKind::monthly));

    auto upkeep = texts(draft, "Upkeep");

    EXPECT_THAT(upkeep, ElementsAre("Published a release and updated dependencies once"));
    EXPECT_THAT(texts(draft, "shop"), Not(Contains(HasSubstr("3.5.1"))));
}

TEST(Report, PutsTheResultBehindTheWork) {
    auto draft = compose_report(request(ReportKind::monthly));

    std::string all;
    for (const auto& line : all_lines(draft)) all += line.text + '\n';

    EXPECT_THAT(
        all,
        HasSubstr("Moved image resizing to a queue with RabbitMQ: upload time fell from 9 s to 2 s")
    );
    EXPECT_THAT(all, HasSubstr("Cached synonyms, which reduced the median from 80 ms to 30 ms"));
}

TEST(Report, CountsWhatItsIntroductionClaims) {
    auto draft = compose_report(request(ReportKind::monthly));

    ASSERT_TRUE(draft.intro.has_value());
    EXPECT_THAT(draft.intro->text, testing::StartsWith("12 entries in 3 projects"));
    EXPECT_THAT(draft.intro->evidence, SizeIs(12));
    EXPECT_THAT(draft.intro->computed, ElementsAre("12", "3"));
}

TEST(Report, IgnoresEntriesOutsideOfItsWindowAndMayBeEmpty) {
    auto asked = request(ReportKind::weekly);
    asked.from = LocalDate(2025, 1, 1);
    asked.to = LocalDate(2025, 1, 7);

    auto draft = compose_report(asked);

    EXPECT_EQ(draft.title, "Week of 1–7 January 2025");
    EXPECT_THAT(draft.sections, IsEmpty());
    EXPECT_FALSE(draft.intro.has_value());
}

TEST(Report, StaysReadableForAThousandEntries) {
    auto asked = request(ReportKind::monthly);
    asked.entries.clear();
    for (int i = 0; i < 1000; ++i) {
        auto number = std::to_string(i);
        asked.entries.push_back(entry(
            number, LocalDate(2026, 3, 1).plus_days(i % 31),
            "Added the report r" + number + "a for region q" + number + "b",
            "p" + std::to_string(i % 20)
        ));
    }

    auto lines = all_lines(compose_report(asked));

    EXPECT_LT(lines.size(), 60U);
    EXPECT_GT(lines.size(), 20U);
}

ResumeRequest career() {
    ResumeRequest out;
    out.career.basics.name = "Ada Example";
    out.career.work = {
        CareerPosition{
            "p2",
            "Oldhouse Ltd",
            "Clerk",
            {},
            {},
            "2015-02",
            "2020-06",
            {},
            {"Kept the stock of 300 parts"}
        },
        CareerPosition{"p1", "Northshop GmbH", "Web Developer", {}, {}, "2020-07", {}, {}, {}},
    };
    out.entries = log();
    for (auto& written : out.entries) {
        if (written.project != "office") written.position_id = "p1";
    }
    out.skills = {
        {"PostgreSQL", "Databases", 3, {"10"}},
        {"RabbitMQ", "Messaging", 2, {"2"}},
        {"Rust", "Languages", 0, {}}
    };
    out.entries[9].skills = {"PostgreSQL"};
    return out;
}

TEST(Resume, HoldsOnlyLinesThatLogAndProfileProve) {
    auto asked = career();
    std::map<std::string, Evidence> evidence{{"profile", profile_evidence(asked.career)}};
    for (const auto& written : asked.entries) evidence[written.id] = evidence_of(written);
    for (const auto& position : asked.career.work) evidence[position.id] = evidence_of(position);

    auto draft = compose_resume(asked);

    std::vector<ResumeLine> lines{draft.summary.value()};
    for (const auto& row : draft.work)
        lines.insert(lines.end(), row.bullets.begin(), row.bullets.end());
    for (const auto& row : draft.projects)
        lines.insert(lines.end(), row.bullets.begin(), row.bullets.end());
    for (const auto& line : lines) {
        std::vector<Evidence> own;
        for (const auto& of : line.evidence) own.push_back(evidence.at(of.id));
        EXPECT_THAT(verify_line(line.text, own).words, IsEmpty()) << line.text;
    }
}

TEST(Resume, PutsTheCurrentPositionFirstWithItsBestWork) {
    auto draft = compose_resume(career());

    ASSERT_THAT(draft.work, SizeIs(2));
    EXPECT_EQ(draft.work[0].position.name, "Northshop GmbH");
    EXPECT_THAT(draft.work[0].bullets, SizeIs(testing::Le(6U)));
    EXPECT_THAT(draft.work[0].bullets[0].text, HasSubstr("from "));
    EXPECT_THAT(
        draft.work[1].bullets, ElementsAre(Field(&ResumeLine::text, "Kept the stock of 300 parts"))
    );
    EXPECT_EQ(draft.work[1].bullets[0].evidence[0].kind, EvidenceKind::position);
}

TEST(Resume, LeavesOutChoresAndThingsOnlyLearned) {
    auto draft = compose_resume(career());

    for (const auto& bullet : draft.work[0].bullets) {
        EXPECT_THAT(bullet.text, Not(HasSubstr("Learned")));
        EXPECT_THAT(bullet.text, Not(HasSubstr("2.4.0")));
        EXPECT_THAT(bullet.text, Not(HasSubstr("vue")));
    }
}

TEST(Resume, GathersWorkOutsideOfPositionsUnderItsProject) {
    auto draft = compose_resume(career());

    ASSERT_THAT(draft.projects, SizeIs(1));
    EXPECT_EQ(draft.projects[0].project.name, "office");
    EXPECT_THAT(
        draft.projects[0].bullets,
        Contains(Field(&ResumeLine::text, HasSubstr("saved 1,200 € per month")))
    );
}

TEST(Resume, SumsUpFactsAndListsOnlyShownSkills) {
    auto draft = compose_resume(career());

    EXPECT_THAT(
        draft.summary->text,
        HasSubstr("working since 2015, currently Web Developer at Northshop GmbH.")
    );
    EXPECT_THAT(draft.summary->text, HasSubstr("Works mostly with PostgreSQL and RabbitMQ."));
    ASSERT_THAT(draft.skills, SizeIs(2));
    EXPECT_EQ(draft.skills[0].category, "Databases");
}

TEST(Resume, SaysNothingOfAPersonWithoutLogAndCareer) {
    auto draft = compose_resume({});

    EXPECT_FALSE(draft.summary.has_value());
    EXPECT_THAT(draft.work, IsEmpty());
    EXPECT_THAT(draft.projects, IsEmpty());
}

}  // namespace
}  // namespace afterresume::agents
