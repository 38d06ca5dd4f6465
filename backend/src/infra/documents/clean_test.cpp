#include "infra/documents/clean.h"

#include "core/error.h"

#include <gmock/gmock.h>

namespace afterresume::documents {
namespace {

TEST(Clean, FoldsWhiteSpaceAcrossSpansAndDropsControlCharacters) {
    Text text({Span{"  one \t "}, Span{" two\r\n", Emphasis::strong}, Span{"\n three\x07 \n"}});

    auto kept = cleaned(text);

    EXPECT_EQ(kept, Text({Span{"one "}, Span{"two\n", Emphasis::strong}, Span{"three"}}));
}

TEST(Clean, LeavesOutWhatIsEmpty) {
    Document document;
    document.sections = {
        Section{.heading = " "},
        Section{
            .heading = "Kept",
            .bullets = {" ", "one"},
            .entries = {Entry{.title = "\n"}},
            .tags = {""}
        },
    };

    auto kept = cleaned(document);

    ASSERT_EQ(kept.sections.size(), 1U);
    EXPECT_EQ(kept.sections[0].bullets, std::vector<Text>{Text("one")});
    EXPECT_TRUE(kept.sections[0].entries.empty());
    EXPECT_TRUE(kept.sections[0].tags.empty());
}

TEST(Clean, PutsTheOrganisationInThePlaceOfAMissingTitle) {
    Document document;
    document.sections = {Section{.entries = {Entry{.organisation = "Nordhavn", .dates = "2024"}}}};

    auto entry = cleaned(document).sections.at(0).entries.at(0);

    EXPECT_EQ(entry.title, "Nordhavn");
    EXPECT_EQ(entry.organisation, "");
}

TEST(Clean, RefusesTextThatIsNotUtf8) {
    Document document;
    document.subtitle = "\xc3\x28";

    EXPECT_THROW(cleaned(document), Error);
}

TEST(SafeUrl, FollowsOnlyWebMailAndTelephone) {
    EXPECT_EQ(safe_url("https://a.example/x?y=1&z=2#f"), "https://a.example/x?y=1&z=2#f");
    EXPECT_EQ(safe_url("HTTP://a.example"), "HTTP://a.example");
    EXPECT_EQ(safe_url("mailto:ada@a.example"), "mailto:ada@a.example");
    EXPECT_EQ(safe_url("tel:+4670"), "tel:+4670");
    EXPECT_EQ(safe_url("github.com/ada"), "https://github.com/ada");
    for (auto url :
         {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.example", "/etc",
          "", "x"}) {
        EXPECT_EQ(safe_url(url), "") << url;
    }
}

TEST(SafeUrl, EncodesWhatCouldEndAnAddress) {
    EXPECT_EQ(
        safe_url("https://a.example/(é)'\"<> \\"),
        "https://a.example/%28%C3%A9%29%27%22%3C%3E%20%5C"
    );
}

TEST(DisplayUrl, LeavesOutSchemeAndClosingSlash) {
    EXPECT_EQ(display_url("https://a.example/"), "a.example");
    EXPECT_EQ(display_url("mailto:ada@a.example"), "ada@a.example");
}

}  // namespace
}  // namespace afterresume::documents
