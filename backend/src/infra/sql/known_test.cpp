#include "infra/sql/known.h"

#include "infra/sql/testing.h"

#include <gtest/gtest.h>

namespace afterresume::sql {
namespace {

// What is known is the number of the look that saw it.
class KnownTest : public testing::Test {
protected:
    Task<int> read() {
        auto mine = ++looks;
        if (during) co_await during(mine);
        co_return mine;
    }
    int get() { return *scratch.run(known.get()); }

    ScratchDatabase scratch{
        Dialect::sqlite, "CREATE TABLE thing (id bigint PRIMARY KEY NOT NULL, tenant_id bigint);"
    };
    Known<int>::Time time;
    int looks = 0;
    // What happens while a look is under way.
    std::function<Task<void>(int look)> during;
    Known<int> known{
        scratch.database(), [this](Tx&) { return read(); },
        [this] { return time += std::chrono::milliseconds(1); }
    };
};

TEST_F(KnownTest, KeepsWhatALaterLookHasSeenWhenAnEarlierOneIsAnsweredAfterIt) {
    during = [this](int look) -> Task<void> {
        if (look == 1) co_await known.look();
    };

    scratch.run(known.look());

    EXPECT_EQ(looks, 2);
    EXPECT_EQ(get(), 2);
}

TEST_F(KnownTest, LooksAgainOnceItsNodeHasChangedTheRows) {
    ASSERT_EQ(get(), 1);
    ASSERT_EQ(get(), 1);

    known.forget();

    EXPECT_EQ(get(), 2);
    EXPECT_EQ(get(), 2);
}

TEST_F(KnownTest, DoesNotBelieveALookThatWasBegunBeforeItsNodeChangedTheRows) {
    during = [this](int look) -> Task<void> {
        if (look == 1) known.forget();
        co_return;
    };
    ASSERT_EQ(get(), 1);

    EXPECT_EQ(get(), 2);
    EXPECT_EQ(get(), 2);
}

}  // namespace
}  // namespace afterresume::sql
