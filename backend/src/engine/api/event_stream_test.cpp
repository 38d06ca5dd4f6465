#include "engine/api/event_stream.h"
#include "engine/jobs/testing.h"
#include "infra/http/testing.h"

#include <boost/asio/co_spawn.hpp>

namespace afterresume::jobs {
namespace {

using namespace std::chrono_literals;
using http::Listener;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class EventStreamTest : public JobsTest {
protected:
    EventStreams streams(StreamPace pace = {}) {
        pace.look = 1ms;
        return EventStreams(scratch->database(), pace);
    }
    // What somebody hears who asks with that Last-Event-ID.
    std::string follow(JobId id, std::int64_t after) {
        auto many = streams();
        auto response = run(many.follow(scratch->alice(), id, after));
        EXPECT_EQ(response.content_type, "text/event-stream");
        Listener listener;
        run(response.stream(listener));
        return listener.heard;
    }
    // Runs while somebody listens, until that has ended.
    void spawn(Task<void> task) {
        ended = false;
        boost::asio::co_spawn(scratch->io(), std::move(task), [this](std::exception_ptr failure) {
            EXPECT_FALSE(failure);
            ended = true;
        });
    }
    void run_until(const std::function<bool()>& over) {
        scratch->io().restart();
        while (!over()) scratch->io().run_one();
    }

    bool ended = false;
};

// What needs a second process that writes.
class EventStreamOnPostgresTest : public EventStreamTest {};

TEST_P(EventStreamTest, TellsEveryEventAndEndsAfterTheLast) {
    auto id = enqueue({.type = "a.one"}).id;
    end(claim(worker, 1).at(0));

    auto heard = follow(id, 0);

    EXPECT_THAT(heard, StartsWith("id: 1\nevent: job\ndata: {\"seq\":1,"));
    EXPECT_THAT(heard, HasSubstr("\n\nid: 2\n"));
    EXPECT_THAT(heard, HasSubstr("\n\nid: 3\n"));
    EXPECT_THAT(heard, Not(HasSubstr("id: 4")));
}

TEST_P(EventStreamTest, GoesOnAfterTheLastThatWasHeard) {
    auto id = enqueue({.type = "a.one"}).id;
    end(claim(worker, 1).at(0));

    EXPECT_THAT(follow(id, 2), StartsWith("id: 3\n"));
}

TEST_P(EventStreamTest, TellsWhoHasHeardAllToAskNoMore) {
    auto id = enqueue({.type = "a.one"}).id;
    end(claim(worker, 1).at(0));

    auto many = streams();
    auto response = run(many.follow(scratch->alice(), id, 3));

    EXPECT_EQ(response.status, 204);
    EXPECT_FALSE(response.stream);
}

TEST_P(EventStreamTest, FollowsAJobThatGoesOn) {
    auto id = enqueue({.type = "a.one"}).id;
    auto many = streams();
    auto response = run(many.follow(scratch->alice(), id, 0));
    Listener listener;
    spawn(response.stream(listener));
    run_until([&] { return !listener.heard.empty(); });

    end(claim(worker, 1).at(0));
    run_until([&] { return ended; });

    EXPECT_THAT(listener.heard, HasSubstr("\"status\":\"success\""));
}

TEST_P(EventStreamTest, SendsALineNowAndThenWhileNothingHappens) {
    auto id = enqueue({.type = "a.one"}).id;
    StreamPace pace;
    pace.heartbeat = 2ms;
    auto many = streams(pace);
    auto response = run(many.follow(scratch->alice(), id, 1));
    Listener listener;
    listener.enough = ": still here\n\n: still here\n\n";

    run(response.stream(listener));

    EXPECT_EQ(listener.heard, listener.enough);
}

TEST_P(EventStreamTest, EndsWhenItsClientLeaves) {
    auto id = enqueue({.type = "a.one"}).id;
    auto many = EventStreams(scratch->database(), {.look = 1h});
    auto response = run(many.follow(scratch->alice(), id, 0));
    Listener listener;
    spawn(response.stream(listener));
    run_until([&] { return !listener.heard.empty(); });

    listener.leave();
    run_until([&] { return ended; });

    EXPECT_THAT(listener.heard, StartsWith("id: 1\n"));
}

TEST_P(EventStreamTest, RefusesMoreThanItHasRoomForAndTakesOthersWhenSomeLeave) {
    auto id = enqueue({.type = "a.one"}).id;
    StreamPace pace;
    pace.most = 1;
    auto many = streams(pace);
    {
        auto first = run(many.follow(scratch->alice(), id, 0));

        EXPECT_THROW(run(many.follow(scratch->alice(), id, 0)), Error);
    }

    EXPECT_EQ(run(many.follow(scratch->alice(), id, 0)).status, 200);
}

TEST_P(EventStreamTest, KnowsNoJobOfAnotherTenant) {
    auto id = enqueue({.type = "a.one"}).id;
    auto many = streams();

    EXPECT_THROW(run(many.follow(scratch->bob(), id, 0)), Error);
}

TEST_P(EventStreamOnPostgresTest, TellsWhatAnotherProcessWrites) {
    auto id = enqueue({.type = "a.one"}).id;
    auto many = streams();
    auto response = run(many.follow(scratch->alice(), id, 1));
    Listener listener;
    listener.enough = "From afar";
    spawn(response.stream(listener));
    scratch->io().poll();

    scratch->execute_as_owner(fmt::format(
        "INSERT INTO job_event (job_id, seq, tenant_id, at, level, source, message, data) "
        "VALUES ('{}', 2, 1, now(), 'info', 'worker', 'From afar', '{{\"event\":\"started\"}}')",
        id.text()
    ));
    run_until([&] { return ended; });
    scratch->execute_as_owner("DELETE FROM job_event");

    EXPECT_THAT(listener.heard, StartsWith("id: 2\n"));
}

INSTANTIATE_TEST_SUITE_P(
    Databases, EventStreamOnPostgresTest, testing::Values(sql::Dialect::postgres), sql::dialect_name
);
INSTANTIATE_TEST_SUITE_P(Databases, EventStreamTest, sql::both_databases(), sql::dialect_name);

}  // namespace
}  // namespace afterresume::jobs
