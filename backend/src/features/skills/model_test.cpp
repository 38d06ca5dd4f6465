#include "features/skills/model.h"

#include <gmock/gmock.h>

namespace afterresume::skills {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Id<Skill> id(std::int64_t value) { return {value}; }

TEST(SkillModel, GroupsWhatIsUsedTogetherOftenEnough) {
    std::vector<Link> links{
        {id(1), id(2), 5}, {id(2), id(3), 3}, {id(4), id(5), 3}, {id(3), id(4), 1}
    };

    auto clusters = clusters_of(links, 3);

    EXPECT_THAT(clusters, ElementsAre(ElementsAre(id(1), id(2), id(3)), ElementsAre(id(4), id(5))));
    EXPECT_THAT(clusters_of({}, 3), IsEmpty());
}

TEST(SkillModel, MakesSlugsThatTellNamesApart) {
    EXPECT_EQ(slug_of("Project planning"), "project-planning");
    EXPECT_EQ(slug_of("C++"), "c-plus-plus");
    EXPECT_EQ(slug_of("C#"), "c-sharp");
    EXPECT_EQ(slug_of("  Résumé!! "), "resume");
    EXPECT_EQ(slug_of("日本語"), "日本語");
    EXPECT_EQ(slug_of("?!"), "");
}

TEST(SkillModel, NamesCategoriesForPeople) {
    EXPECT_EQ(category_title("devops_tool"), "DevOps tools");
    EXPECT_EQ(category_title("language"), "Programming languages");
    EXPECT_EQ(category_title("something_else"), "Something else");
    EXPECT_EQ(category_title(""), "Other");
}

}  // namespace
}  // namespace afterresume::skills
