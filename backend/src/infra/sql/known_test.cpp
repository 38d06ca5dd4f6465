#include "infra/sql/known.h"

#include "infra/sql/testing.h"

#include <gtest/gtest.h>

namespace afterresume::sql {
namespace {

TEST(Known, KeepsWhatALaterLookHasSeenWhenAnEarlierOneIsAnsweredAfterIt) {
    ScratchDatabase scratch(
        Dialect::sqlite, "CREATE TABLE thing (id bigint PRIMARY KEY NOT NULL, tenant_id bigint);"
    );
    Known<int>::Time time;
    Known<int>* all = nullptr;
    int looks = 0;
    auto read = [&](Tx&) -> Task<int> {
        auto mine = ++looks;
        if (mine == 1) co_await all->look();
        co_return mine;
    };
    Known<int> known(scratch.database(), read, [&] {
        return time += std::chrono::milliseconds(1);
    });
    all = &known;

    scratch.run(known.look());

    EXPECT_EQ(looks, 2);
    EXPECT_EQ(*scratch.run(known.get()), 2);
}

// What a look sees that was begun before the change is of before it.
TEST(Known, LooksAgainOnceItsNodeHasChangedTheRows) {
    ScratchDatabase scratch(
        Dialect::sqlite, "CREATE TABLE thing (id bigint PRIMARY KEY NOT NULL, tenant_id bigint);"
    );
    Known<int>::Time time;
    Known<int>* all = nullptr;
    int looks = 0;
    auto read = [&](Tx&) -> Task<int> {
        if (++looks == 2) all->forget();
        co_return looks;
    };
    Known<int> known(scratch.database(), read, [&] {
        return time += std::chrono::milliseconds(1);
    });
    all = &known;
    ASSERT_EQ(*scratch.run(known.get()), 1);
    ASSERT_EQ(*scratch.run(known.get()), 1);

    known.forget();

    EXPECT_EQ(*scratch.run(known.get()), 2);
    EXPECT_EQ(*scratch.run(known.get()), 3);
    EXPECT_EQ(*scratch.run(known.get()), 3);
}

}  // namespace
}  // namespace afterresume::sql
