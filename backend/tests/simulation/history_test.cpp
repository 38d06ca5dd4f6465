#include "history.h"
#include "seeds.h"

#include <gtest/gtest.h>

namespace afterresume::simulation {
namespace {

TEST(HistoryTest, ShowsOnEveryDatabaseWhatTheReferenceForetells) {
    for (auto seed : seeds()) {
        auto difference = shown_by([&] { return History(seed).live(400); });

        // Among it the invariants that tables show (I1 to I7, I9, I10).
        ASSERT_EQ(difference, "") << "of the history with seed " << seed;
    }
}

}  // namespace
}  // namespace afterresume::simulation
