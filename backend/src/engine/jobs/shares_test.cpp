#include "engine/jobs/shares.h"

#include <gmock/gmock.h>

namespace afterresume::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Contender tenant(std::int64_t weight, double vtime, std::optional<std::int64_t> room = {}) {
    return {QueueName::ai, TenantId{1}, weight, vtime, room};
}
std::vector<std::int64_t> shares(std::vector<Contender> contenders, std::int64_t limit) {
    return share_out(contenders, limit);
}

TEST(ShareOut, GivesAllToWhoIsAlone) {
    EXPECT_THAT(shares({tenant(1, 1e9)}, 250), ElementsAre(250));
    EXPECT_THAT(shares({}, 250), IsEmpty());
}

TEST(ShareOut, SharesByWeightAmongThoseWhoAreEven) {
    EXPECT_THAT(shares({tenant(1, 5), tenant(3, 5)}, 100), ElementsAre(25, 75));
    EXPECT_THAT(shares({tenant(1, 0), tenant(1, 0), tenant(1, 0)}, 9), ElementsAre(3, 3, 3));
}

TEST(ShareOut, LetsWhoLagsCatchUpFirst) {
    EXPECT_THAT(shares({tenant(1, 0), tenant(1, 6)}, 10), ElementsAre(8, 2));
    EXPECT_THAT(shares({tenant(1, 0), tenant(1, 100)}, 10), ElementsAre(10, 0));
}

TEST(ShareOut, HasNoMoreThanTheLimitWhateverTheRest) {
    EXPECT_THAT(shares({tenant(1, 0), tenant(1, 0), tenant(1, 0)}, 2), ElementsAre(1, 1, 0));
    EXPECT_THAT(shares({tenant(1, 0)}, 0), ElementsAre(0));
}

TEST(ShareOut, GivesToTheOthersWhatOnesRoomDoesNotTake) {
    EXPECT_THAT(shares({tenant(1, 0, 2), tenant(1, 0), tenant(1, 0)}, 12), ElementsAre(2, 5, 5));
    EXPECT_THAT(shares({tenant(1, 0, 2), tenant(1, 0, 3)}, 12), ElementsAre(2, 3));
    EXPECT_THAT(shares({tenant(1, 0, 20), tenant(1, 0)}, 12), ElementsAre(6, 6));
}

Contender away(double vtime) { return {QueueName::ai, TenantId{1}, 1, vtime, {}, false}; }
std::vector<double> aligned(std::vector<Contender> contenders, double clock = 0) {
    align(contenders, clock);
    std::vector<double> vtimes;
    for (const auto& contender : contenders) vtimes.push_back(contender.vtime);
    return vtimes;
}

TEST(Align, LetsWhoComesBackStartWithTheLeastOfThoseWhoWereThere) {
    EXPECT_THAT(aligned({tenant(1, 50), tenant(1, 70), away(3)}), ElementsAre(50, 70, 50));
    EXPECT_THAT(aligned({tenant(1, 50), away(60)}), ElementsAre(50, 60));
}

TEST(Align, LetsAllStartWithTheFurthestWhereNobodyWas) {
    EXPECT_THAT(aligned({away(3), away(40)}), ElementsAre(40, 40));
    EXPECT_THAT(aligned({away(3), away(40)}, 100), ElementsAre(100, 100));
    EXPECT_THAT(aligned({}, 100), IsEmpty());
}

TEST(Align, HoldsAgainstNobodyForLongWhatItHadWhileOthersWereAway) {
    EXPECT_THAT(aligned({tenant(1, 50), away(1e6)}), ElementsAre(50, 82));
    EXPECT_THAT(aligned({tenant(1, 50), tenant(1, 1e6)}), ElementsAre(50, 1'050));
}

TEST(TurnsOf, CountACentEachAndOneAtLeast) {
    EXPECT_EQ(turns_of(0), 1);
    EXPECT_EQ(turns_of(9'999), 1);
    EXPECT_EQ(turns_of(10'000), 1);
    EXPECT_EQ(turns_of(15'000), 1.5);
    EXPECT_EQ(turns_of(1'000'000), 100);
}

}  // namespace
}  // namespace afterresume::jobs
