#include "engine/jobs/step_views.h"

#include <gmock/gmock.h>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using enum StepNews;

// A job's rows, written one after the other, a second apart.
class StepViewsTest : public testing::Test {
protected:
    void told(StepNews news, std::string name = "") {
        now += 1s;
        rows.push_back({news, std::move(name), now, std::nullopt, 0});
    }
    void kept(std::string name, std::int64_t cost = 0) {
        told(step_finished, name);
        rows.push_back({StepNews::kept, std::move(name), now, now - 1s, cost});
    }
    std::vector<std::string> seen(bool running = true) const {
        std::vector<std::string> lines;
        for (const auto& step : steps_of(rows, planned, running))
            lines.push_back(
                fmt::format("{} {} {}", step.name, describe::name_of(step.status), step.attempts)
            );
        return lines;
    }

    Timestamp now{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};
    std::vector<std::string> planned;
    std::vector<StepRow> rows;
};

TEST_F(StepViewsTest, ShowNothingOfAJobThatPlansNothing) {
    told(started);

    EXPECT_THAT(seen(), IsEmpty());
}

TEST_F(StepViewsTest, ShowWhatIsDoneWhatIsUnderWayAndWhatIsPlanned) {
    planned = {"read", "think", "write"};
    told(step_started, "read");
    kept("read");
    told(step_started, "think");

    EXPECT_THAT(seen(), ElementsAre("read finished 1", "think running 1", "write planned 0"));
}

TEST_F(StepViewsTest, SayHowLongAStepTookAndWhatItCost) {
    told(step_started, "read");
    kept("read", 25);

    auto step = steps_of(rows, {}, true).at(0);

    EXPECT_EQ(step.duration_ms, 1'000);
    EXPECT_EQ(step.finished_at, now);
    EXPECT_EQ(step.cost, 25);
}

TEST_F(StepViewsTest, SaySinceWhenAStepRuns) {
    told(step_started, "read");

    auto step = steps_of(rows, {}, true).at(0);

    EXPECT_EQ(step.started_at, now);
    EXPECT_FALSE(step.finished_at);
    EXPECT_FALSE(step.duration_ms);
}

TEST_F(StepViewsTest, CountTheTriesOfAllAttempts) {
    told(step_started, "think");
    told(step_retry, "think");
    told(step_failed, "think");
    told(started);
    told(step_started, "think");
    kept("think");

    EXPECT_THAT(seen(), ElementsAre("think finished 3"));
}

TEST_F(StepViewsTest, ShowAStepAsFailedUntilItIsBegunAgain) {
    told(step_started, "think");
    told(step_failed, "think");
    auto failed = seen();

    told(started);
    auto before = seen();
    told(step_started, "think");

    EXPECT_THAT(failed, ElementsAre("think failed 1"));
    EXPECT_THAT(before, ElementsAre("think failed 1"));
    EXPECT_THAT(seen(), ElementsAre("think running 2"));
}

TEST_F(StepViewsTest, ShowAStepAsInterruptedOnceItsAttemptHasEnded) {
    told(step_started, "think");
    auto not_at_work = seen(false);

    told(started);

    EXPECT_THAT(not_at_work, ElementsAre("think interrupted 1"));
    EXPECT_THAT(seen(), ElementsAre("think interrupted 1"));
}

TEST_F(StepViewsTest, ShowAStepTwiceThatIsDoneForAnotherInput) {
    told(step_started, "think");
    told(step_retry, "think");
    kept("think");
    told(started);
    told(step_started, "think");

    EXPECT_THAT(seen(), ElementsAre("think finished 2", "think running 1"));
}

TEST_F(StepViewsTest, ShowThePartsOfAStepInItsPlace) {
    planned = {"match", "match_all"};
    told(step_started, "match/0");
    told(step_started, "match/1");

    EXPECT_THAT(
        seen(), ElementsAre("match/0 running 1", "match/1 running 1", "match_all planned 0")
    );
}

TEST_F(StepViewsTest, ForgetWhatWasBeforeAJobWasTriedAgain) {
    planned = {"think"};
    told(step_started, "think");
    told(step_failed, "think");

    told(retry_requested);

    EXPECT_THAT(seen(false), ElementsAre("think planned 0"));
}

TEST_F(StepViewsTest, ShowWhatAJobWaitedForAmongItsSteps) {
    rows.push_back({StepNews::kept, "answer", now, now, 0});

    EXPECT_THAT(seen(), ElementsAre("answer finished 1"));
}

}  // namespace
}  // namespace afterresume::jobs
