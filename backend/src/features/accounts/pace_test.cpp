#include "features/accounts/pace.h"

#include <gtest/gtest.h>

#include <thread>

#include <sys/resource.h>

namespace afterresume::accounts {
namespace {

// How often this thread gave its processor away.
long pauses() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
}

// Never ends on a thread that does not pause.
void compute_until_paused(long times) {
    auto enough = pauses() + times;
    while (pauses() < enough) {
    }
}

TEST(Pace, MakesAThreadThatComputesGiveItsProcessorAwayOverAndOver) {
    Pace pace;

    auto before = pauses();
    compute_until_paused(5);

    EXPECT_GE(pauses(), before + 5);
}

TEST(Pace, EndsWithItsOwner) {
    {
        Pace pace;
        compute_until_paused(1);
    }

    auto before = pauses();
    for (int i = 0; i < 200'000; ++i) pauses();

    EXPECT_EQ(pauses(), before);
}

TEST(Pace, IsForEachThreadItsOwn) {
    Pace pace;

    std::thread other([] {
        Pace own;
        compute_until_paused(2);
    });
    compute_until_paused(2);
    other.join();
    compute_until_paused(2);

    EXPECT_GE(pauses(), 4);
}

}  // namespace
}  // namespace afterresume::accounts
