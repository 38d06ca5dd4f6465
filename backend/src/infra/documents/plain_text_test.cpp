#include "infra/documents/render.h"
#include "infra/documents/testing.h"
#include "infra/documents/wrap.h"

#include <gmock/gmock.h>

#include <sstream>

namespace afterresume::documents {
namespace {

using testing::a_list_of;
using testing::a_resume;
using ::testing::ElementsAre;
using testing::in_order;

TEST(PlainText, HasTheDocumentsPartsInOrder) {
    auto text = to_text(a_resume());

    EXPECT_TRUE(in_order(
        text, {"Mara Lindqvist\n==============\n", "Platform Engineer\n",
               "mara@lindqvist.example | Göteborg\n", "\nProfile\n-------\n",
               "Senior Platform Engineer   ", "Mar 2021 – Present\nNordhavn Logistics   ",
               "https://nordhavn.example/about\n", "- Cut the booking path",
               "- Moved shipments to partitioned tables; see the report\n  "
               "(https://nordhavn.example/report).\n",
               "PostgreSQL, Kafka\n", "Languages: C++, Go\n", "\nEvery line refers"}
    )) << text;
}

TEST(PlainText, IsNoWiderThanEightyColumns) {
    auto document = a_list_of(5);
    document.sections[0].paragraphs = {
        "将预订路径的延迟从九百毫秒降至一百二十毫秒，并把夜间报告的时间从三小时缩短到十一分钟，同时"
        "没有停机。"
    };
    std::istringstream lines(to_text(document));

    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns(line));

    EXPECT_LE(widest, 80U);
    EXPECT_GT(widest, 72U);
}

TEST(PlainText, CountsWideCharactersTwiceAndMarksNotAtAll) {
    EXPECT_EQ(columns("abc"), 3U);
    EXPECT_EQ(columns("日本語"), 6U);
    EXPECT_EQ(columns("e\u0301"), 1U);
}

TEST(Wrapper, BreaksAtSpacesAndBesideWideCharacters) {
    Wrapper wrapper("en");

    EXPECT_THAT(wrapper.wrap("one two three", 7), ElementsAre("one two", "three"));
    EXPECT_THAT(wrapper.wrap("日本語日本語", 6), ElementsAre("日本語", "日本語"));
    EXPECT_THAT(wrapper.wrap("a\n\nb", 9), ElementsAre("a", "", "b"));
}

TEST(Wrapper, KeepsAWordThatIsTooLongWhole) {
    Wrapper wrapper("en");

    auto lines = wrapper.wrap("see https://a.example/a/very/long-address now", 10);

    EXPECT_THAT(lines, ElementsAre("see", "https://a.example/a/very/long-address", "now"));
}

TEST(Wrapper, NeverStartsALineWithClosingPunctuation) {
    Wrapper wrapper("zh");

    auto lines = wrapper.wrap("日本語。日本", 6);

    EXPECT_THAT(lines, ElementsAre("日本", "語。日", "本"));
}

}  // namespace
}  // namespace afterresume::documents
