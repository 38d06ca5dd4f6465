#include "ai/skills/matcher.h"

#include <gmock/gmock.h>

#include "ai/skills/testing.h"

namespace afterresume::skill_matching {
namespace {

using namespace std::string_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

TEST(SkillMatcher, FindsOneSkillUnderAllItsNames) {
    EXPECT_THAT(slugs_in("Deployed to k8s"), Contains("kubernetes"));
    EXPECT_THAT(slugs_in("Deployed to a Kubernetes cluster"), Contains("kubernetes"));
    EXPECT_THAT(
        slugs_in("fix(ci): retry kubectl when the API server is slow"), Contains("kubernetes")
    );
}

TEST(SkillMatcher, TellsGoTheLanguageFromTheVerb) {
    EXPECT_THAT(slugs_in("Go to the office and go home."), Not(Contains("go")));
    EXPECT_THAT(slugs_in("Rewrote the worker in Go with goroutines and Redis."), Contains("go"));
}

TEST(SkillMatcher, QuotesTheSpanItFound) {
    std::string text = "Experience with PostgreSQL and naïve Bayes — plus Django.";

    auto matches = built_in_matcher().find(text);

    ASSERT_THAT(matches, Not(IsEmpty()));
    for (const auto& match : matches)
        EXPECT_EQ(match.text, text.substr(match.start, match.end - match.start));
    EXPECT_EQ(matches.front().text, "PostgreSQL");
    EXPECT_EQ(matches.front().start, text.find("PostgreSQL"));
}

TEST(SkillMatcher, ReadsTheListsOfJobAds) {
    auto slugs =
        slugs_in("Experience with Java, Spring Boot, REST APIs and CI/CD in an agile environment.");

    EXPECT_THAT(slugs, IsSupersetOf({"java", "spring-boot", "rest", "ci-cd"}));
}

TEST(SkillMatcher, ReadsTokensJoinedBySpaces) {
    auto slugs =
        slugs_in("Knowledge of C # , . NET and <ORGANIZATION> tools ( Docker Kubernetes )");

    EXPECT_THAT(slugs, IsSupersetOf({"csharp", "dotnet", "docker", "kubernetes"}));
}

TEST(SkillMatcher, TakesAConceptOnlyWhenItIsUsedAsASkill) {
    EXPECT_THAT(
        slugs_in("Knowledge of machine learning and data science"), Contains("machine-learning")
    );
    EXPECT_THAT(slugs_in("We had lunch and a walk by the sea."), IsEmpty());
}

TEST(SkillMatcher, MarksSkillsThatTheTaxonomyDoesNotHold) {
    auto matches = built_in_matcher().find("Experience with FooBarDB, Java and Docker");

    for (const auto& match : matches) {
        EXPECT_EQ(match.known, built_in_taxonomy().find_by_slug(match.slug) != nullptr)
            << match.text;
        EXPECT_GT(match.confidence, 0.0);
        EXPECT_LE(match.confidence, 1.0);
    }
    EXPECT_THAT(
        slugs_in("Experience with FooBarDB, Java and Docker"), IsSupersetOf({"java", "docker"})
    );
}

TEST(SkillMatcher, NamesEverySkillOfASlashedPair) {
    auto matches = built_in_matcher().find("* Experience with Docker/Terraform");

    std::vector<std::string> slugs;
    for (const auto& match : matches) {
        slugs.push_back(match.slug);
        slugs.insert(slugs.end(), match.also.begin(), match.also.end());
    }

    EXPECT_THAT(slugs, IsSupersetOf({"docker", "terraform"}));
}

TEST(SkillMatcher, ImpliesTheWiderSkillOnce) {
    auto matches = built_in_matcher().find("Moved the RSpec suite; RSpec is faster now.");

    std::vector<std::string> implied;
    for (const auto& match : matches) {
        if (match.implied) implied.push_back(match.slug);
    }

    EXPECT_THAT(implied, ElementsAre("ruby"));
    EXPECT_THAT(slugs_in("Ruby and RSpec"), ElementsAre("ruby", "rspec"));
}

TEST(SkillMatcher, GivesNoSkillForAddresses) {
    EXPECT_THAT(slugs_in("see https://github.com/python/cpython/blob/main/README.md"), IsEmpty());
}

TEST(SkillMatcher, SurvivesAnyBytes) {
    auto text = "\0\xFF\xFE Docker \xC3\x28 \0"s;

    EXPECT_THAT(slugs_in(text), ElementsAre("docker"));
    EXPECT_THAT(slugs_in(""), IsEmpty());
    EXPECT_THAT(slugs_in(std::string(5000, '(')), IsEmpty());
    EXPECT_THAT(slugs_in(std::string(5000, '\xF0')), IsEmpty());
}

TEST(SkillMatcher, FindsEverySkillOfALongText) {
    std::string text;
    std::size_t lines = 0;
    while (text.size() < 2'000'000) {
        text += "Migrated the billing jobs from Jenkins to GitHub Actions; go figure.\n";
        ++lines;
    }

    auto matches = built_in_matcher().find(text);

    auto jenkins = std::ranges::count(matches, "jenkins", &SkillMatch::slug);
    EXPECT_EQ(static_cast<std::size_t>(jenkins), lines);
    EXPECT_TRUE(std::ranges::is_sorted(matches, {}, &SkillMatch::start));
}

}  // namespace
}  // namespace afterresume::skill_matching
