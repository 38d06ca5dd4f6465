#include "workflows/resume_refresh.h"

#include "features/profile/resume_json.h"
#include "features/reporting/resume_document.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace afterresume::workflows {
namespace {

using reporting::EvidenceKind;
using reporting::Unverified;
using reporting::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

worklog::Entry an_entry(
    std::int64_t id, std::string content, std::optional<std::int64_t> position,
    std::vector<std::string> slugs
) {
    worklog::Entry entry;
    entry.id = {id};
    entry.occurred_on = LocalDate(2026, 3, 1).plus_days(static_cast<int>(id % 20));
    entry.content = std::move(content);
    entry.position_id = position;
    entry.skills = std::move(slugs);
    return entry;
}

skills::Skill a_skill(std::string slug, std::string name, std::int64_t level) {
    skills::Skill skill;
    skill.slug = std::move(slug);
    skill.name = std::move(name);
    skill.category = "databases";
    skill.level = level;
    return skill;
}

ResumeMaterial a_material() {
    ResumeMaterial material;
    material.profile = profile::read_resume_json(describe::parse_json(R"({
        "basics": {"name": "Ada Example", "label": "Web Developer"},
        "work": [
            {"name": "Northshop", "position": "Web Developer", "startDate": "2020-07", "x-team": 7},
            {"name": "Oldhouse", "position": "Clerk", "startDate": "2015-02", "endDate": "2020-06", "highlights": ["Kept the stock of 300 parts"]}
        ],
        "skills": [{"name": "Data", "keywords": ["redis"]}]
    })"));
    material.profile.work[0].id = {7};
    material.profile.work[1].id = {8};
    material.document = profile::write_resume_json(material.profile);
    material.entries = {
        an_entry(
            101,
            "Cut the nightly import from 90 to 12 minutes by batching inserts into PostgreSQL.", 7,
            {"postgresql"}
        ),
        an_entry(102, "Rebuilt the cart so that it keeps vouchers on retry.", 7, {"redis"}),
        an_entry(103, "Built a watering computer for 12 beds.", std::nullopt, {}),
    };
    material.entries[2].project = "garden";
    material.skills = {
        a_skill("postgresql", "PostgreSQL", 3), a_skill("redis", "Redis", 2),
        a_skill("cobol", "COBOL", 0)
    };
    return material;
}

Json document_of(const Composed& composed) {
    return reporting::resume_document(reporting::shown(composed.draft.content, Unverified::left_out)
    );
}

TEST(ResumeRefresh, RestsEveryLineOnLogAndProfile) {
    auto composed = compose(a_material());

    EXPECT_GE(reporting::count_lines(composed.draft.content).lines, 6);
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

TEST(ResumeRefresh, PutsEachLineWhereItBelongs) {
    auto document = document_of(compose(a_material()));

    EXPECT_THAT(
        std::string(document.at_pointer("/basics/summary").as_string()), HasSubstr("Web Developer")
    );
    EXPECT_EQ(document.at_pointer("/work/0/name").as_string(), "Northshop");
    EXPECT_THAT(
        describe::to_json(document.at_pointer("/work/0/highlights")),
        HasSubstr("from 90 to 12 minutes")
    );
    EXPECT_EQ(
        describe::to_json(document.at_pointer("/work/1/highlights")),
        R"(["Kept the stock of 300 parts"])"
    );
    EXPECT_EQ(document.at_pointer("/projects/0/name").as_string(), "garden");
    EXPECT_THAT(
        describe::to_json(document.at_pointer("/projects/0/highlights")), HasSubstr("12 beds")
    );
}

TEST(ResumeRefresh, LeavesWhatWasDeclaredAsItWas) {
    auto document = document_of(compose(a_material()));

    EXPECT_EQ(document.at_pointer("/work/0/x-team").as_int64(), 7);
    EXPECT_EQ(document.at_pointer("/skills/0/name").as_string(), "Data");
    EXPECT_EQ(document.at_pointer("/work/0/startDate").as_string(), "2020-07");
}

TEST(ResumeRefresh, ListsSkillsThatAreShownAndNotDeclaredAlready) {
    auto document = document_of(compose(a_material()));

    ASSERT_EQ(document.at("skills").as_array().size(), 2U);
    EXPECT_EQ(describe::to_json(document.at_pointer("/skills/1/keywords")), R"(["PostgreSQL"])");
    EXPECT_THAT(describe::to_json(document), Not(HasSubstr("COBOL")));
}

TEST(ResumeRefresh, ProvesASkillByItsNewestEntriesOnly) {
    auto material = a_material();
    material.entries.clear();
    for (int id = 300; id > 200; --id)
        material.entries.push_back(
            an_entry(id, fmt::format("Tuned query {} in PostgreSQL.", id), 7, {"postgresql"})
        );

    auto composed = compose(material);

    for (const auto& section : composed.draft.content.sections) {
        if (section.lines.at(0).text != "PostgreSQL") continue;
        EXPECT_EQ(section.lines[0].evidence.size(), 10U);
        EXPECT_EQ(section.lines[0].evidence[0], (reporting::Evidence{EvidenceKind::entry, 300}));
        return;
    }
    FAIL() << "no line names the skill";
}

TEST(ResumeRefresh, MakesAResumeOfNothing) {
    auto composed = compose({});

    EXPECT_EQ(composed.draft.title, "Résumé");
    EXPECT_EQ(reporting::count_lines(composed.draft.content).lines, 0);
    EXPECT_EQ(document_of(composed).as_object().size(), 1U);
}

}  // namespace
}  // namespace afterresume::workflows
