#include "core/id.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

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

TEST(Uuid, RefusesOtherForms) {
    for (auto text :
         {"", "0189", "{0189d2a4-0000-7000-8000-000000000000}",
          "0189d2a4_0000-7000-8000-000000000000", "0189d2a4-0000-7000-8000-00000000000g"}) {
        EXPECT_FALSE(Uuid::parse(text)) << text;
    }
}

}  // namespace
}  // namespace afterresume
