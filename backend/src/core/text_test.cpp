#include "core/text.h"

#include <gmock/gmock.h>

namespace afterresume {
namespace {

using ::testing::ElementsAre;

TEST(Text, TellsUtf8FromOtherBytes) {
    EXPECT_TRUE(is_utf8("naïve 日本 🙂"));
    EXPECT_FALSE(is_utf8("\xc3"));
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
}

TEST(Text, FoldsCaseWidthAndDiacritics) {
    EXPECT_EQ(fold_for_search("Résumé ＡＢＣ Straße"), "resume abc strasse");
}

TEST(Text, FindsTheSameWordsHoweverTheyAreWritten) {
    EXPECT_THAT(search_words("Deployed the Résumés!"), ElementsAre("deploy", "the", "resum"));
    EXPECT_EQ(search_words("deploying resumes"), (std::vector<std::string>{"deploy", "resum"}));
}

TEST(Text, CutsWordsThatNoIndexTakes) {
    EXPECT_THAT(search_words(std::string(20'000, 'x')), ElementsAre(std::string(500, 'x')));
    EXPECT_THAT(
        search_words("x" + std::string(600, 'y') + " é"), ElementsAre(testing::SizeIs(500), "e")
    );
}

TEST(Text, CutsBetweenCodePoints) {
    EXPECT_EQ(first_code_points("aé🙂b", 3), "aé🙂");
    EXPECT_EQ(code_points("aé🙂b"), 4U);
}

}  // namespace
}  // namespace afterresume
