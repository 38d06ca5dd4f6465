#include "infra/documents/render.h"

#include "infra/crypto/crypto.h"
#include "infra/documents/testing.h"

#include <gmock/gmock.h>

#include <regex>

namespace afterresume::documents {
namespace {

using testing::a_resume;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::in_order;
using ::testing::Not;
using testing::options;

const std::vector<std::string> payloads{
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " \tjava\nscript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "https://a.example/\"onclick=\"alert(1)",
    "https://a.example/<script>",
    "&lt;script&gt;&#60;",
    "<!-- --><iframe src=//evil.example>",
    "*{background:url(//evil.example)}",
};

TEST(Html, AllowsItsOwnStyleSheetAndNoOther) {
    auto look = options(Theme::modern);

    auto html = to_html(a_resume(), look);

    EXPECT_THAT(html, HasSubstr("style-src " + crypto::csp_hash(page_style(look)) + "\">"));
    EXPECT_THAT(html, HasSubstr("<style>" + page_style(look) + "</style>"));
}

TEST(Html, HasTheDocumentsPartsAsElements) {
    auto html = to_html(a_resume(), options(Theme::modern));

    EXPECT_TRUE(in_order(
        html, {"<html lang=\"en\">", "<title>Mara Lindqvist</title>",
               "<h1 dir=\"auto\">Mara Lindqvist</h1>", "<a href=\"mailto:mara@lindqvist.example\"",
               "<h2 dir=\"auto\">Profile</h2>", "<p dir=\"auto\">Builds storage", "<article>",
               "<h3 dir=\"auto\">Senior Platform Engineer</h3>", "Mar 2021 – Present",
               "Nordhavn Logistics", "<li dir=\"auto\">Cut the booking path",
               "<strong>partitioned tables</strong>", "PostgreSQL · Kafka",
               "<b>Languages: </b>C++, Go", "<footer>"}
    )) << html;
}

TEST(Html, RefersToNothingOutsideButLinksToFollow) {
    auto html = to_html(a_resume(), options(Theme::classic));

    EXPECT_THAT(
        html,
        Not(::testing::ContainsRegex("src=|url\\(|@import|<link|<script|<img|<iframe|<object"))
    );
    EXPECT_THAT(html, HasSubstr("default-src 'none'"));
    EXPECT_THAT(html, Not(HasSubstr("unsafe-inline")));
}

TEST(Html, ShowsTheTwoThemesDifferently) {
    auto classic = to_html(a_resume(), options(Theme::classic));

    auto modern = to_html(a_resume(), options(Theme::modern));

    EXPECT_THAT(classic, AllOf(HasSubstr("Noto Serif"), HasSubstr("size:A4")));
    EXPECT_THAT(modern, AllOf(HasSubstr("Inter"), Not(HasSubstr("Noto Serif,"))));
}

TEST(Html, TakesPaperAndAccentFromTheOptions) {
    Options wanted{Theme::modern, Paper::letter, Colour{0x12, 0xab, 0xff}, {}};

    auto html = to_html(a_resume(), wanted);

    EXPECT_THAT(html, AllOf(HasSubstr("size:letter"), HasSubstr("#12abff")));
}

TEST(Html, KeepsEveryPayloadLiteralInEveryField) {
    for (const auto& payload : payloads) {
        Document document;
        document.title = document.subtitle = document.author = document.language = payload;
        document.contacts = {{payload, payload}};
        Text text({Span{payload, Emphasis::strong, payload}});
        Entry entry{payload, payload, payload, payload, payload, text, {text}, {payload}};
        document.sections = {
            {payload, {text}, {text}, {entry, Entry{.title = payload, .tags = {payload}}}, {payload}
            }
        };
        document.notes = {text};
        std::regex allowed(
            "<(!DOCTYPE "
            "html|/?(html|head|body|main|header|section|article|footer|style|title)|html "
            "lang=\"[^\"<>]*\"|"
            "meta [a-z-]+=\"[^\"<>]*\"( "
            "content=\"[^\"<>]*\")?|/?(h[123]|p|li|ul|span|div|b|strong)|br|"
            "(h[123]|p|li|span|ul|div)( class=\"[a-z]+\")?( dir=\"auto\")?|"
            "a href=\"(https?://|mailto:|tel:)[^\"<>' ]*\" rel=\"[a-z ]+\"|/a)>"
        );

        auto html = to_html(document, options(Theme::modern));

        auto rest = std::regex_replace(html, allowed, "");
        EXPECT_EQ(rest.find('<'), std::string::npos) << payload << "\n"
                                                     << rest.substr(rest.find('<'), 200);
    }
}

}  // namespace
}  // namespace afterresume::documents
