#include "life.h"

#include "../seeds.h"

#include <gtest/gtest.h>

namespace afterresume::lives {
namespace {

// Whatever becomes of their nodes: each job has one worker (I1), which calls nothing once its lease
// is lost (I12) and nothing that is kept (I7); each ends, once (I3, I4), within the limits of its
// tenant (I6); each slot has one job (I11).
TEST(LivesTest, KeepEveryPromiseWhateverBefallsTheirNodes) {
    for (auto seed : simulation::seeds(2)) {
        auto faults = simulation::shown_by([&] { return live(seed).faults; });

        ASSERT_EQ(faults, "") << "of the life with seed " << seed;
    }
}

// A life without trouble is one where no lease ends (I1) and no call is made again.
TEST(LivesTest, RepeatNoCallWhereNothingGoesWrong) {
    auto lived = live(1, Kind::calm);

    EXPECT_EQ(lived.faults, "") << "of the life with seed 1";
    EXPECT_GT(lived.calls, 50U) << "of the life with seed 1";
    EXPECT_EQ(lived.repeated, 0U) << "of the life with seed 1";
}

TEST(LivesTest, AreTheSameFromTheSameSeed) {
    auto lived = live(7);

    EXPECT_EQ(live(7).digest, lived.digest);
}

}  // namespace
}  // namespace afterresume::lives
