#include "core/error.h"
#include "infra/documents/clean.h"
#include "infra/documents/inline_markdown.h"
#include "infra/documents/render.h"
#include "infra/documents/testing.h"

#include <gmock/gmock.h>

#include <random>

namespace afterresume::documents {
namespace {

using testing::a_resume;
using ::testing::HasSubstr;
using testing::in_order;

TEST(Markdown, HasTheDocumentsPartsInOrder) {
    auto markdown = to_markdown(a_resume());

    EXPECT_TRUE(in_order(
        markdown,
        {"# Mara Lindqvist\n", "**Platform Engineer**",
         "](mailto:mara@lindqvist.example) · Göteborg", "\n## Profile\n",
         "\n### Senior Platform Engineer\n",
         "**Nordhavn Logistics** · Göteborg · Mar 2021 – Present · [nordhavn.example/about](https:",
         "\n- Cut the booking",
         "\n- Moved shipments to **partitioned tables**; see the [report](https://",
         "*PostgreSQL, Kafka*", "\n- **Languages:** C++, Go\n", "\n---\n", "Every line"}
    )) << markdown;
}

TEST(Markdown, LeavesOrdinaryTextReadable) {
    auto markdown = text_to_markdown("Renamed snake_case in C++ (a - b), 40 % off & done!");

    EXPECT_EQ(markdown, "Renamed snake_case in C++ (a - b), 40 % off & done\\!");
}

TEST(Markdown, ReadsBackEveryTextThatLooksLikeMarkup) {
    const std::vector<std::string> texts{
        "# no heading",
        "- no list",
        "+ no list",
        "1. no list",
        "12) no list",
        "> no quote",
        "=== no underline",
        "--- ",
        "*no* _no_ __no__ ~~no~~",
        "`no` ``no``",
        "[no](https://a.example)",
        "![no](https://a.example)",
        "<b>no</b> <https://a.example>",
        "&amp; &#35; &",
        "back\\slash \\* end\\",
        "a | b\n--- | ---",
        "one\ntwo",
        "_edge_ snake_case __init__",
        "text\n# line\n- item",
        "* * *",
        "!",
        "~~~",
        "\\",
        "a*b*c",
        "2 * 3 * 4",
    };

    for (const auto& text : texts) {
        auto markdown = text_to_markdown(text);
        Text expected(text == "--- " ? "---" : text);

        EXPECT_EQ(text_from_markdown(markdown), expected) << markdown;
    }
}

TEST(Markdown, ReadsBackRandomTextOfSpecialCharacters) {
    std::mt19937 random(7);
    const std::string letters = "ab1 \n*_`[]()<>#+-.!&|~\\=;:\"'";

    for (int i = 0; i < 5000; ++i) {
        std::string text;
        for (int length = 0; length < 14; ++length) text += letters[random() % letters.size()];

        auto read = text_from_markdown(text_to_markdown(text));

        EXPECT_EQ(read, cleaned(Text(text))) << text_to_markdown(text);
    }
}

TEST(Markdown, ReadsBackEmphasisCodeAndLinks) {
    Text text(
        {Span{"Made "}, Span{"the *path*", Emphasis::strong}, Span{" of "},
         Span{"a`b", Emphasis::code}, Span{" "}, Span{"quick", Emphasis::emphasised},
         Span{", see "}, Span{"here]", Emphasis::none, "https://a.example/x"}, Span{" or "},
         Span{"there", Emphasis::strong, "https://b.example/"}, Span{"."}}
    );

    auto markdown = text_to_markdown(text);

    EXPECT_EQ(text_from_markdown(markdown), text) << markdown;
}

TEST(Markdown, KeepsTheWordsWhereEmphasisCannotStand) {
    Text text({Span{"a"}, Span{"(b)", Emphasis::strong}, Span{"c"}});

    auto markdown = text_to_markdown(text);

    EXPECT_EQ(text_from_markdown(markdown), Text("a(b)c"));
}

TEST(Markdown, FlattensWhatPeopleWrite) {
    auto text = text_from_markdown(
        "Did *this* and **that**:\n\n- `one`\n- [two](javascript:alert(1))\n\n<b>raw</b>"
    );

    EXPECT_EQ(
        text, Text(
                  {Span{"Did "}, Span{"this", Emphasis::emphasised}, Span{" and "},
                   Span{"that", Emphasis::strong}, Span{":\n"}, Span{"one", Emphasis::code},
                   Span{"\n"}, Span{"two"}, Span{"\n<b>raw</b>"}}
              )
    );
}

TEST(Markdown, RefusesTextThatIsNotUtf8) { EXPECT_THROW(text_from_markdown("\xff"), Error); }

}  // namespace
}  // namespace afterresume::documents
