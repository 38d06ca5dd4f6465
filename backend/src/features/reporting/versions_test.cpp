#include "features/reporting/versions.h"

#include "features/reporting/resume_document.h"
#include "features/reporting/testing.h"

#include <gmock/gmock.h>

namespace afterresume::reporting {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Line edited(std::string text, std::string original, std::vector<std::int64_t> entries) {
    auto line = a_line(std::move(text), std::move(entries), Verdict::edited);
    line.original = std::move(original);
    return line;
}

std::set<Evidence> known(std::initializer_list<std::int64_t> ids) {
    std::set<Evidence> out;
    for (auto id : ids) out.insert(entry(id));
    return out;
}

TEST(KeepEdits, PutsAnEditedLineInThePlaceOfTheLineWithItsEvidence) {
    auto earlier =
        a_content({a_section("shop", {edited("In my words", "Fixed the cart", {2, 1})})});
    auto fresh = a_content(
        {a_section("shop", {a_line("Added search", {3}), a_line("Repaired the cart", {1, 2})})}
    );

    auto kept = keep_edits(fresh, earlier, known({1, 2, 3}));

    EXPECT_THAT(told(kept), ElementsAre("shop: Added search", "shop: In my words"));
    EXPECT_EQ(line_of(kept, "In my words").verdict, Verdict::edited);
    EXPECT_EQ(line_of(kept, "In my words").original, "Fixed the cart");
}

TEST(KeepEdits, TellsLinesOfOneEntryApartByWhatTheySaid) {
    auto earlier = a_content({a_section("shop", {edited("Mine", "Added search", {1})})});
    auto fresh =
        a_content({a_section("shop", {a_line("Fixed the cart", {1}), a_line("Added search", {1})})}
        );

    auto kept = keep_edits(fresh, earlier, known({1}));

    EXPECT_THAT(told(kept), ElementsAre("shop: Fixed the cart", "shop: Mine"));
}

TEST(KeepEdits, FollowsALineThatGainedEvidence) {
    auto earlier = a_content({a_section("shop", {edited("Mine", "Added search", {1})})});
    auto fresh = a_content({a_section("shop", {a_line("Added search", {1, 7})})});

    auto kept = keep_edits(fresh, earlier, known({1, 7}));

    EXPECT_THAT(told(kept), ElementsAre("shop: Mine"));
    EXPECT_THAT(line_of(kept, "Mine").evidence, ElementsAre(entry(1), entry(7)));
}

TEST(KeepEdits, FollowsALineIntoAnotherSection) {
    auto earlier = a_content({a_section("Highlights", {edited("Mine", "Added search", {1})})});
    auto fresh = a_content({a_section("shop", {a_line("Built search", {1})})});

    EXPECT_THAT(told(keep_edits(fresh, earlier, known({1}))), ElementsAre("shop: Mine"));
}

TEST(KeepEdits, AddsALineThatHasNoPlaceAnyMore) {
    auto earlier = a_content(
        {a_section("shop", {edited("Mine", "Added search", {1})}),
         a_section("gone", {edited("Also mine", "Old", {2})})}
    );
    auto fresh = a_content({a_section("shop", {a_line("Fixed the cart", {3})})});

    auto kept = keep_edits(fresh, earlier, known({1, 2, 3}));

    EXPECT_THAT(told(kept), ElementsAre("shop: Fixed the cart", "shop: Mine", "gone: Also mine"));
    EXPECT_EQ(line_of(kept, "Mine").id, 2);
    EXPECT_EQ(line_of(kept, "Also mine").id, 3);
}

TEST(KeepEdits, LeavesBehindWhatHasLostItsEvidence) {
    auto earlier = a_content({a_section("shop", {edited("Mine", "Added search", {1})})});
    auto fresh = a_content({a_section("shop", {a_line("Fixed the cart", {3})})});

    EXPECT_THAT(told(keep_edits(fresh, earlier, known({3}))), ElementsAre("shop: Fixed the cart"));
}

TEST(KeepEdits, KeepsALineOutThatItsPersonLeftOut) {
    auto earlier = a_content({a_section("shop", {edited("", "Added search", {1})})});
    auto fresh =
        a_content({a_section("shop", {a_line("Added search", {1}), a_line("Fixed the cart", {3})})}
        );

    auto kept = shown(keep_edits(fresh, earlier, known({1, 3})), Unverified::left_out);

    EXPECT_THAT(told(kept), ElementsAre("shop: Fixed the cart"));
}

TEST(KeepEdits, NeverPutsABulletAmongTheSkillsOfAResume) {
    auto earlier = a_resume_content();
    earlier.sections[3].lines = {edited("My own bullet", "Planted trees", {2})};
    auto fresh = a_resume_content();
    fresh.sections.erase(fresh.sections.begin() + 3);

    auto kept = keep_edits(fresh, earlier, known({2}));

    EXPECT_THAT(told(kept), testing::Contains("garden: My own bullet"));
    EXPECT_THAT(told(kept), testing::Contains("Databases: PostgreSQL"));
    auto document = resume_document(shown(kept, Unverified::left_out));
    EXPECT_EQ(
        document.at("projects").as_array().back().at("highlights").at(0).as_string(),
        "My own bullet"
    );
}

TEST(SameContent, SeesTextEvidenceAndDeclaredFieldsButNoNumbers) {
    auto content = a_resume_content();
    auto renumbered = content;
    for (auto& section : renumbered.sections) {
        for (auto& line : section.lines) line.id += 100;
    }
    auto renamed = content;
    renamed.resume["basics"].as_object()["label"] = "Architect";
    auto reworded = content;
    reworded.sections[0].lines[0].text = "Architect.";

    EXPECT_TRUE(same_content(content, renumbered));
    EXPECT_FALSE(same_content(content, renamed));
    EXPECT_FALSE(same_content(content, reworded));
}

TEST(SameContent, MindsNoOrderOfMembers) {
    auto content = a_resume_content();
    auto turned = content;
    turned.resume = {};
    std::vector<std::string> names;
    for (const auto& field : content.resume) names.insert(names.begin(), std::string(field.key()));
    for (const auto& name : names) turned.resume[name] = content.resume.at(name);

    EXPECT_TRUE(same_content(content, turned));
}

TEST(Differences, NameWhatWasAddedChangedAndRemoved) {
    auto before = a_content({a_section(
        "shop", {a_line("Fixed the cart", {1}), a_line("Added search", {2}), a_line("Left", {9})}
    )});
    auto after = a_content({a_section(
        "shop",
        {a_line("Added search", {2}), a_line("Repaired the cart", {1}), a_line("Cut the bill", {3})}
    )});

    auto found = differences(before, after);

    EXPECT_THAT(
        found.lines,
        ElementsAre(
            LineChange{ChangeKind::changed, "shop", "Fixed the cart", "Repaired the cart"},
            LineChange{ChangeKind::added, "shop", std::nullopt, "Cut the bill"},
            LineChange{ChangeKind::removed, "shop", "Left", std::nullopt}
        )
    );
    EXPECT_THAT(found.fields, IsEmpty());
}

TEST(Differences, NameDeclaredFieldsByTheirPlace) {
    auto before = a_resume_content();
    auto after = before;
    after.resume["basics"].as_object()["label"] = "Architect";
    after.resume["work"].as_array()[0].as_object()["endDate"] = "2026-02";
    after.resume.erase("education");

    auto found = differences(before, after);

    EXPECT_THAT(found.lines, IsEmpty());
    EXPECT_THAT(
        found.fields,
        testing::Contains(FieldChange{ChangeKind::changed, "/basics/label", "Engineer", "Architect"}
        )
    );
    EXPECT_THAT(
        found.fields,
        testing::Contains(FieldChange{ChangeKind::added, "/work/0/endDate", std::nullopt, "2026-02"}
        )
    );
    EXPECT_THAT(
        found.fields, testing::Contains(FieldChange{
                          ChangeKind::removed, "/education/0/area", "Physics", std::nullopt
                      })
    );
}

TEST(Differences, AreNoneBetweenAVersionAndItself) {
    auto found = differences(a_resume_content(), a_resume_content());

    EXPECT_THAT(found.lines, IsEmpty());
    EXPECT_THAT(found.fields, IsEmpty());
}

}  // namespace
}  // namespace afterresume::reporting
