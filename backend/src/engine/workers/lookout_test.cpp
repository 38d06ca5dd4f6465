#include "engine/workers/lookout.h"

#include <gmock/gmock.h>

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using enum jobs::Look;

constexpr Lookout::Steady start{1h};
const Timestamp present = Timestamp{} + 24h;

TEST(Lookout, LooksEverywhereFirstAndBeginsWithAllThatIsDue) {
    Lookout lookout;

    EXPECT_EQ(lookout.next(true, start), everywhere);
    EXPECT_EQ(lookout.next(false, start), everywhere);
    EXPECT_EQ(lookout.due_since(everywhere), Timestamp{});
}

TEST(Lookout, GoesOnWhereItWasWhileItGetsAllItAsksForAndLooksBackNowAndThen) {
    Lookout lookout;
    lookout.looked(everywhere, start, start + 100ms, present);

    EXPECT_EQ(lookout.next(false, start + 150ms), onward);
    EXPECT_EQ(lookout.next(false, start + 200ms), back);
    EXPECT_EQ(lookout.next(true, start + 150ms), glance);
    EXPECT_EQ(lookout.next(true, start + 200ms), back);
}

TEST(Lookout, LooksEverywhereATwentiethOfTheTimeHoweverLongItTakes) {
    Lookout quick;
    quick.looked(everywhere, start, start + 1ms, present);
    Lookout slow;
    slow.looked(everywhere, start, start + 1s, present);
    Lookout slowest;
    slowest.looked(everywhere, start, start + 1min, present);

    EXPECT_EQ(quick.next(true, start + 20ms), glance);
    EXPECT_EQ(quick.next(true, start + 21ms), everywhere);
    EXPECT_EQ(slow.next(true, start + 20s), back);
    EXPECT_EQ(slow.next(true, start + 21s), everywhere);
    EXPECT_EQ(slowest.next(true, start + 6min - 1s), back);
    EXPECT_EQ(slowest.next(true, start + 6min), everywhere);
}

TEST(Lookout, LooksBackATwentiethOfTheTimeWhereItIsSlow) {
    Lookout lookout;
    lookout.looked(everywhere, start, start + 1s, present);
    lookout.looked(back, start + 2s, start + 2s + 20ms, present);

    EXPECT_EQ(lookout.next(false, start + 2s + 419ms), onward);
    EXPECT_EQ(lookout.next(true, start + 2s + 419ms), glance);
    EXPECT_EQ(lookout.next(false, start + 2s + 420ms), back);
}

TEST(Lookout, LooksEverywhereAtOnceWhereItIsDemanded) {
    Lookout lookout;
    lookout.looked(everywhere, start, start + 1s, present);

    lookout.demand_everywhere();

    EXPECT_EQ(lookout.next(false, start + 1s), everywhere);
    lookout.looked(everywhere, start + 1s, start + 2s, present);
    EXPECT_EQ(lookout.next(true, start + 3s), back);
}

TEST(Lookout, PromotesWhatBecameDueSinceTheLastLookAndAMomentBefore) {
    Lookout lookout;
    lookout.looked(onward, start, start, present);

    EXPECT_EQ(lookout.due_since(onward), present - 50ms);
    EXPECT_EQ(lookout.due_since(glance), present - 50ms);
    EXPECT_EQ(lookout.due_since(back), present - 2s);
    EXPECT_EQ(lookout.due_since(everywhere), Timestamp{});
}

TEST(Lookout, SleepsNoLongerThanUntilTheLookThatWasPutOff) {
    Lookout lookout;
    lookout.looked(everywhere, start, start + 2ms, present);
    auto after_all = lookout.sleep(1s, start + 2ms);
    lookout.looked(back, start + 10ms, start + 11ms, present);

    EXPECT_EQ(after_all, 1s);
    EXPECT_EQ(lookout.sleep(1s, start + 12ms), 30ms);
    EXPECT_EQ(lookout.sleep(10ms, start + 12ms), 10ms);
    EXPECT_EQ(lookout.sleep(1s, start + 2s), 1ms);
}

TEST(Lookout, SleepsAfterAGlanceNoLongerThanUntilTheNextLookBack) {
    Lookout lookout;
    lookout.looked(everywhere, start, start + 1s, present);
    lookout.looked(back, start + 2s, start + 2s, present);
    auto after_back = lookout.sleep(1min, start + 2s);
    lookout.looked(glance, start + 2s, start + 2s + 30ms, present);

    EXPECT_EQ(after_back, 19s);
    EXPECT_EQ(lookout.sleep(1min, start + 2s + 30ms), 70ms);
}

}  // namespace
}  // namespace afterresume::workers
