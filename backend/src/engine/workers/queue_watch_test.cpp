#include "engine/workers/queue_watch.h"

#include "engine/workers/testing.h"

namespace afterresume::workers {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class QueueWatchTest : public WorkersTest {
protected:
    std::string seen() {
        QueueWatch watch(scratch->io(), scratch->database(), clock, log, metrics);
        run(watch.look());
        return metrics.text();
    }
};

TEST_P(QueueWatchTest, TellsHowManyJobsAreReadyAndForHowLong) {
    enqueue({.type = "a.quick"});
    enqueue({.type = "a.one"});
    clock.advance(90s);
    enqueue({.type = "a.one"});
    enqueue({.type = "a.one", .run_at = clock.now() + 1h});

    auto text = seen();

    EXPECT_THAT(text, HasSubstr(R"(queue_depth{queue="ai"} 2)"));
    EXPECT_THAT(text, HasSubstr(R"(queue_depth{queue="interactive"} 1)"));
    EXPECT_THAT(text, HasSubstr(R"(queue_depth{queue="delivery"} 0)"));
    EXPECT_THAT(text, HasSubstr(R"(queue_oldest_ready_seconds{queue="ai"} 90)"));
    EXPECT_THAT(text, HasSubstr(R"(queue_oldest_ready_seconds{queue="delivery"} 0)"));
}

TEST_P(QueueWatchTest, ForgetsWhatHasBegun) {
    enqueue({.type = "a.one"});
    clock.advance(90s);
    seen();
    claim(worker, 1);

    auto text = seen();

    EXPECT_THAT(text, HasSubstr(R"(queue_depth{queue="ai"} 0)"));
    EXPECT_THAT(text, HasSubstr(R"(queue_oldest_ready_seconds{queue="ai"} 0)"));
}

TEST_P(QueueWatchTest, CountsNoMoreThanItsLimit) {
    enqueue_many(scratch->alice(), "a.one", QueueWatch::most + 1);

    auto text = seen();

    EXPECT_THAT(text, HasSubstr(R"(queue_depth{queue="ai"} 10000)"));
}

INSTANTIATE_TEST_SUITE_P(Databases, QueueWatchTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::workers
