#include "core/id.h"

#include <gtest/gtest.h>

namespace afterresume {
namespace {

TEST(Uuid, ReadsBackItsOwnText) {
    auto id = Uuid::random();

    auto back = Uuid::parse(id.text());

    ASSERT_TRUE(back);
    EXPECT_EQ(*back, id);
    EXPECT_EQ(id.text()[14], '4');
}

TEST(Uuid, SortsByTimeWhenMadeOfIt) {
    auto earlier = Uuid::at(1'700'000'000'000);
    auto later = Uuid::at(1'700'000'000'001);

    EXPECT_LT(earlier, later);
    EXPECT_EQ(earlier.text()[14], '7');
}

TEST(Uuid, RefusesOtherForms) {
    for (auto text : {"", "0189", "{0189d2a4-0000-7000-8000-000000000000}", "0189d2a4_0000-7000-8000-000000000000", "0189d2a4-0000-7000-8000-00000000000g"}) {
        EXPECT_FALSE(Uuid::parse(text)) << text;
    }
}

}  // namespace
}  // namespace afterresume
