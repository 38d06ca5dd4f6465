#include "infra/sql/database_clock.h"
#include "infra/sql/testing.h"

namespace afterresume::sql {
namespace {

using namespace std::chrono_literals;

class DatabaseClockTest : public OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (!IsSkipped()) scratch.emplace(GetParam(), "-- nothing");
    }
    std::chrono::milliseconds set(DatabaseClock& clock) {
        return scratch->run(clock.set_by(scratch->database()));
    }
    bool on_postgres() const { return GetParam() == Dialect::postgres; }

    std::optional<ScratchDatabase> scratch;
};

INSTANTIATE_TEST_SUITE_P(Databases, DatabaseClockTest, both_databases(), dialect_name);

TEST_P(DatabaseClockTest, GoesByTheServerWhereTheMachineIsWrong) {
    for (auto wrong : {-1h, 1h}) {
        ManualClock own(SystemClock{}.now() + wrong);
        DatabaseClock clock(own);

        auto ahead = set(clock);

        EXPECT_EQ(clock.now() - own.now(), ahead);
        if (on_postgres()) {
            EXPECT_LT(std::chrono::abs(ahead + wrong), 1min);
        } else {
            EXPECT_EQ(ahead, 0ms);
        }
    }
}

TEST_P(DatabaseClockTest, LeavesAClockAloneThatIsRight) {
    SystemClock own;
    DatabaseClock clock(own);

    EXPECT_EQ(set(clock), 0ms);
}

TEST_P(DatabaseClockTest, BelievesTheMachineAgainOnceItIsRight) {
    ManualClock own(SystemClock{}.now() + 1h);
    DatabaseClock clock(own);
    set(clock);
    own.set(SystemClock{}.now());

    auto ahead = set(clock);

    // The test's own time stands still between its two questions.
    EXPECT_LT(std::chrono::abs(ahead), 1min);
}

}  // namespace
}  // namespace afterresume::sql
