#include "ai/skills/taxonomy.h"

#include <set>
#include <stdexcept>

#include <gmock/gmock.h>

#include "ai/skills/folding.h"
#include "ai/skills/testing.h"

namespace afterresume::skill_matching {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Property;
using testing::ThrowsMessage;

std::string slug_named(std::string_view name) {
    const auto* skill = built_in_taxonomy().find_by_name(name);
    return skill == nullptr ? "" : skill->slug;
}

TEST(Taxonomy, ReadsNamesAliasesAndRules) {
    auto taxonomy = Taxonomy::parse(
        "# a comment\n"
        "language:\n"
        "  Ruby:\n"
        "  Go: {slug: go, aliases: [golang, \"go, lang\"], case: exact, context: required, near: "
        "[Goroutine]}\n"
    );

    const auto& go = taxonomy.skill(1);
    EXPECT_EQ(taxonomy.skill(0).slug, "ruby");
    EXPECT_THAT(go.aliases, ElementsAre("golang", "go, lang"));
    EXPECT_THAT(go.near, ElementsAre("goroutine"));
    EXPECT_EQ(go.category, "language");
    EXPECT_EQ(go.casing, Casing::exact);
    EXPECT_EQ(go.context, Context::required);
}

TEST(Taxonomy, NamesTheLineItCannotRead) {
    auto parse = [] { Taxonomy::parse("language:\n  Ruby: {colour: red}\n"); };

    EXPECT_THAT(
        parse, ThrowsMessage<std::invalid_argument>(HasSubstr("line 2: unknown rule colour"))
    );
}

TEST(Taxonomy, RefusesTwoSkillsWithOneSlug) {
    auto parse = [] { Taxonomy::parse("language:\n  Ruby:\ntool:\n  RUBY:\n"); };

    EXPECT_THAT(parse, ThrowsMessage<std::invalid_argument>(HasSubstr("slug ruby")));
}

TEST(Taxonomy, KnowsEnoughSkillsOfEveryField) {
    const auto& skills = built_in_taxonomy().skills();

    std::set<std::string> categories;
    for (const auto& skill : skills) categories.insert(skill.category);

    EXPECT_GE(skills.size(), 2500U);
    EXPECT_THAT(
        categories,
        IsSupersetOf(
            {"language", "data", "cloud_service", "design", "product", "management", "finance",
             "marketing", "sales", "health", "manufacturing", "science", "human_language", "soft"}
        )
    );
}

TEST(Taxonomy, EveryParentExists) {
    const auto& taxonomy = built_in_taxonomy();

    std::vector<std::string> orphans;
    for (const auto& skill : taxonomy.skills()) {
        if (!skill.parent.empty() && taxonomy.find_by_slug(skill.parent) == nullptr)
            orphans.push_back(skill.slug);
    }

    EXPECT_THAT(orphans, ElementsAre());
}

TEST(Taxonomy, NoNameBelongsToTwoSkills) {
    std::map<std::string, std::set<std::string>> owners;
    for (const auto& skill : built_in_taxonomy().skills()) {
        owners[fold(skill.name)].insert(skill.slug);
        for (const auto& alias : skill.aliases) owners[fold(alias)].insert(skill.slug);
    }

    std::vector<std::string> disputed;
    for (const auto& [name, slugs] : owners) {
        if (slugs.size() > 1) disputed.push_back(name);
    }

    EXPECT_THAT(disputed, ElementsAre());
}

TEST(Taxonomy, FindsANameWhateverItsSpelling) {
    EXPECT_EQ(slug_named("k8s"), "kubernetes");
    EXPECT_EQ(slug_named("KUBERNETES"), "kubernetes");
    EXPECT_EQ(slug_named("node js"), "nodejs");
    EXPECT_EQ(slug_named("Node.JS"), "nodejs");
    EXPECT_EQ(slug_named("ci-cd"), "ci-cd");
    EXPECT_EQ(slug_named("CI / CD"), "ci-cd");
    EXPECT_EQ(slug_named("Ｐｙｔｈｏｎ"), "python");
    EXPECT_EQ(slug_named("Laravel 5"), "laravel");
    EXPECT_EQ(slug_named("OpenID Connect (OIDC)"), "openid-connect");
}

TEST(Taxonomy, TellsNeighboursApart) {
    EXPECT_EQ(slug_named("Java"), "java");
    EXPECT_EQ(slug_named("JavaScript"), "javascript");
    EXPECT_EQ(slug_named("C"), "c");
    EXPECT_EQ(slug_named("C++"), "cpp");
    EXPECT_EQ(slug_named("C#"), "csharp");
    EXPECT_EQ(slug_named("no such skill at all"), "");
}

TEST(SlugOf, KeepsSlugsReadable) {
    EXPECT_EQ(slug_of("Vue.js"), "vuejs");
    EXPECT_EQ(slug_of("CI/CD"), "ci-cd");
    EXPECT_EQ(slug_of("Let's Encrypt"), "lets-encrypt");
    EXPECT_EQ(slug_of("  R&D  "), "r-d");
}

}  // namespace
}  // namespace afterresume::skill_matching
