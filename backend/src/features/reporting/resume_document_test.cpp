#include "features/reporting/resume_document.h"

#include "core/describe/writer.h"
#include "features/reporting/testing.h"

#include <gmock/gmock.h>

namespace afterresume::reporting {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ResumeDocument, HoldsTheLinesInTheirPlaces) {
    Json document = resume_document(shown(a_resume_content(), Unverified::left_out));

    EXPECT_EQ(document.at_pointer("/basics/summary").as_string(), "Engineer at Northshop.");
    EXPECT_EQ(document.at_pointer("/basics/name").as_string(), "Ada Example");
    EXPECT_EQ(
        document.at_pointer("/work/0/highlights/0").as_string(), "Cut the build from 9 to 3 minutes"
    );
    EXPECT_EQ(document.at_pointer("/work/0/highlights").as_array().size(), 1U);
    EXPECT_EQ(document.at_pointer("/skills/0/keywords/1").as_string(), "Redis");
    EXPECT_THAT(std::string(document.at("$schema").as_string()), HasSubstr("jsonresume"));
}

TEST(ResumeDocument, DropsItemsOfTheLogThatHaveNoLineLeft) {
    Json document = resume_document(shown(a_resume_content(), Unverified::left_out));

    ASSERT_EQ(document.at("projects").as_array().size(), 1U);
    EXPECT_EQ(document.at_pointer("/projects/0/name").as_string(), "garden");
    EXPECT_THAT(describe::to_json(document), Not(HasSubstr("900 euros")));
}

TEST(ResumeDocument, HoldsUnverifiedLinesWhenAsked) {
    Json document = resume_document(shown(a_resume_content(), Unverified::included));

    EXPECT_EQ(document.at_pointer("/projects/0/highlights/0").as_string(), "Saved 900 euros");
    EXPECT_EQ(document.at_pointer("/work/0/highlights/1").as_string(), "Hired 40 people");
}

TEST(ResumeDocument, KeepsDeclaredItemsWithoutLines) {
    auto content = a_resume_content();
    content.sections[1].lines.clear();

    Json document = resume_document(shown(content, Unverified::left_out));

    EXPECT_EQ(document.at_pointer("/work/0/name").as_string(), "Northshop");
}

TEST(ResumeDocument, NeedsNothingDeclared) {
    Content content;
    content.sections = {{"Summary", "/basics/summary", false, {a_line("Gardener.", {1})}}};

    Json document = resume_document(content);

    EXPECT_EQ(document.at_pointer("/basics/summary").as_string(), "Gardener.");
}

}  // namespace
}  // namespace afterresume::reporting
