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

}  // namespace
}  // namespace afterresume::sql
