#include "ai/skills/name_scan.h"

#include <gmock/gmock.h>

#include "ai/skills/testing.h"

namespace afterresume::skill_matching {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class NameScanTest : public testing::Test {
protected:
    std::vector<std::string> names(std::string_view text) const {
        return names_in(taxonomy_, text);
    }

    Taxonomy taxonomy_ = Taxonomy::parse(
        "language:\n"
        "  C: {case: exact, context: required, near: [compiler]}\n"
        "  C++: {slug: cpp}\n"
        "  C#: {slug: csharp}\n"
        "  Go: {aliases: [golang], case: exact, context: required, near: [language]}\n"
        "  Java:\n"
        "  JavaScript: [js]\n"
        "  Python:\n"
        "  Rust: {case: exact}\n"
        "  .NET: {slug: dotnet}\n"
        "framework:\n"
        "  Angular: [angular 2]\n"
        "  Node.js: [node]\n"
        "  Spring: {case: exact}\n"
        "  Spring Boot:\n"
        "tool:\n"
        "  jq:\n"
        "  just: {context: required, case: exact, near: [justfile]}\n"
        "devops:\n"
        "  CI/CD: {slug: ci-cd}\n"
        "  REST APIs: {slug: rest-apis}\n"
        "human_language:\n"
        "  Français:\n"
    );
};

TEST_F(NameScanTest, KeepsNamesApartThatBeginAlike) {
    EXPECT_THAT(names("Java, JavaScript and js"), ElementsAre("Java", "JavaScript", "js"));
    EXPECT_THAT(names("Javanese coffee"), IsEmpty());
    EXPECT_THAT(names("C++, C# and C"), ElementsAre("C++", "C#", "C"));
}

TEST_F(NameScanTest, TakesTheLongestName) {
    EXPECT_THAT(names("Spring Boot and Spring"), ElementsAre("Spring Boot", "Spring"));
}

TEST_F(NameScanTest, BridgesHyphensSpacesDotsAndWrappedLines) {
    EXPECT_THAT(names("spring-boot"), ElementsAre("spring-boot"));
    EXPECT_THAT(names("Spring\nBoot"), ElementsAre("Spring\nBoot"));
    EXPECT_THAT(names("NodeJS or node js or Node.JS"), ElementsAre("NodeJS", "node js", "Node.JS"));
    EXPECT_THAT(names("CI CD"), IsEmpty());
    EXPECT_THAT(names("CI / CD"), ElementsAre("CI / CD"));
    EXPECT_THAT(names("C # and . NET"), ElementsAre("C #", ". NET"));
}

TEST_F(NameScanTest, DoesNotBridgeBulletsAndParagraphs) {
    EXPECT_THAT(names("- Spring\n- Boot"), ElementsAre("Spring"));
    EXPECT_THAT(names("Spring\n\nBoot"), ElementsAre("Spring"));
}

TEST_F(NameScanTest, AcceptsPluralsAndSingulars) {
    EXPECT_THAT(names("a REST API and rest-apis"), ElementsAre("REST API", "rest-apis"));
}

TEST_F(NameScanTest, TakesTheVersionAlong) {
    EXPECT_THAT(
        names("Python 3.12, python3 and Java 8"), ElementsAre("Python 3.12", "python3", "Java 8")
    );
    EXPECT_THAT(names("Java 5 years, Python 2021"), ElementsAre("Java", "Python"));
    EXPECT_THAT(names("Angular 2, Angular 25"), ElementsAre("Angular 2", "Angular 25"));
}

TEST_F(NameScanTest, IgnoresFileEndingsIdentifiersAndAddresses) {
    EXPECT_THAT(names("main.js my_java_home xjava https://java.example/python"), IsEmpty());
}

TEST_F(NameScanTest, TellsTheLanguageFromTheVerb) {
    EXPECT_THAT(names("Go to the settings and go on."), IsEmpty());
    EXPECT_THAT(names("We rewrote the service in Go, a language we like."), ElementsAre("Go"));
    EXPECT_THAT(names("Java, go, Python"), ElementsAre("Java", "go", "Python"));
    EXPECT_THAT(names("I just like Java"), ElementsAre("Java"));
    EXPECT_THAT(names("golang"), ElementsAre("golang"));
}

TEST_F(NameScanTest, HeedsTheCaseOfOrdinaryWords) {
    EXPECT_THAT(names("next spring the rust will be gone"), IsEmpty());
    EXPECT_THAT(names("moved from Spring to Rust"), ElementsAre("Spring", "Rust"));
}

TEST_F(NameScanTest, DoesNotFindCInVitaminC) {
    EXPECT_THAT(names("vitamin C, plan C, (c) 2020, R&D, C-level"), IsEmpty());
    EXPECT_THAT(names("a C compiler"), ElementsAre("C"));
}

TEST_F(NameScanTest, BelievesMarkedCode) {
    EXPECT_THAT(names("pipe it into `just` or `jq`"), ElementsAre("just", "jq"));
    EXPECT_THAT(names("```go\nfunc main() {}\n```"), ElementsAre("go"));
}

TEST_F(NameScanTest, FoldsCaseWidthAndAccents) {
    EXPECT_THAT(names("ＰＹＴＨＯＮ"), ElementsAre("ＰＹＴＨＯＮ"));
    EXPECT_THAT(names("FRANÇAIS"), ElementsAre("FRANÇAIS"));
    EXPECT_THAT(names("Spring‑Boot"), ElementsAre("Spring‑Boot"));
}

TEST_F(NameScanTest, CountsOffsetsInBytesBesideAnyScript) {
    std::string text = "Café ☕ 使用Python开发 — naïve";

    auto hits = NameScan(taxonomy_).find(text);

    ASSERT_EQ(hits.size(), 1U);
    EXPECT_EQ(text.substr(hits[0].start, hits[0].end - hits[0].start), "Python");
    EXPECT_EQ(hits[0].start, text.find("Python"));
}

TEST_F(NameScanTest, TreatsLettersOfOtherAlphabetsAsPartOfTheWord) {
    EXPECT_THAT(names("Pythonом éJava"), IsEmpty());
}

TEST_F(NameScanTest, SurvivesNulAndBrokenBytes) {
    auto text = "Java\0Python \xFF\xC3 Java\xE2\x82"s;

    EXPECT_THAT(names(text), ElementsAre("Java", "Python", "Java"));
    EXPECT_THAT(names(""), IsEmpty());
    EXPECT_THAT(names("\xC3"), IsEmpty());
}

TEST(BuiltInNameScan, HasThePatternsTheSpeedTargetAsksFor) {
    const auto& scan = built_in_matcher().names();

    EXPECT_GE(scan.pattern_count(), 5000U);
    EXPECT_LE(scan.automaton().bytes(), 4'000'000U);
}

}  // namespace
}  // namespace afterresume::skill_matching
