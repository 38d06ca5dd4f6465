#include "core/id.h"

#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

namespace afterresume {
namespace {

TEST(Uuid, ReadsBackItsOwnText) {
    auto id = Uuid::random();

    auto back = Uuid::parse(id.text());

    ASSERT_TRUE(back);
    EXPECT_EQ(*back, id);
    EXPECT_EQ(id.text()[14], '4');
}

TEST(Uuid, IsAnotherInAForkedProcess) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    Uuid::random();
    auto child = fork();
    if (child == 0) {
        auto id = Uuid::random();
        _exit(write(ends[1], id.bytes.data(), id.bytes.size()) == 16 ? 0 : 1);
    }

    auto own = Uuid::random();
    Uuid others;
    ASSERT_EQ(read(ends[0], others.bytes.data(), others.bytes.size()), 16);
    waitpid(child, nullptr, 0);

    EXPECT_NE(own, others);
}

TEST(Uuid, SortsByTimeWhenMadeOfIt) {
    auto earlier = Uuid::at(1'700'000'000'000);
    auto later = Uuid::at(1'700'000'000'001);

    EXPECT_LT(earlier, later);
    EXPECT_EQ(earlier.text()[14], '7');
}

TEST(Uuid, SortsAsMadeWithinAMillisecond) {
    std::vector<Uuid> made;
    for (int i = 0; i < 10'000; ++i) made.push_back(Uuid::at(1'700'000'000'000));

    EXPECT_EQ(std::ranges::adjacent_find(made, std::ranges::greater_equal{}), made.end());
    EXPECT_EQ(made.back().text().substr(0, 15), "018bcfe5-6800-7");
    EXPECT_THAT("89ab", testing::HasSubstr(made.back().text().substr(19, 1)));
}

TEST(Uuid, RefusesOtherForms) {
    for (auto text :
         {"", "0189", "{0189d2a4-0000-7000-8000-000000000000}",
          "0189d2a4_0000-7000-8000-000000000000", "0189d2a4-0000-7000-8000-00000000000g"}) {
        EXPECT_FALSE(Uuid::parse(text)) << text;
    }
}

}  // namespace
}  // namespace afterresume
