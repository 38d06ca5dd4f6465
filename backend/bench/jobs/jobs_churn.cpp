// Measures whether the engine keeps its speed while an old transaction keeps PostgreSQL from
// cleaning up behind it, on the server of TEST_DATABASE_URL (tools/with-postgres --durable); a line
// of JSON tells what was seen:
//   jobs-churn SECONDS_FREE SECONDS_PINNED
// One of three jobs fails once, so that its row lives twice as often. First as fast as it goes,
// then at 70 % of that, free and with the old transaction, and after each as fast as it goes once
// more.
#include "subject.h"

#include "infra/sql/postgres_session.h"

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <cstdlib>

namespace afterresume::bench {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

constexpr std::size_t tenants = 10;
constexpr double load = 0.7;
// As fast as it goes for so long, with so many jobs queued.
constexpr seconds full_speed{20};
constexpr std::size_t queued_at_full_speed = 5'000;
constexpr std::chrono::milliseconds tick{10};

class Churn {
public:
    Churn() {
        subject_.on_start([this](const jobs::Claimed& job) { begun_ += !Subject::fails(job); });
        asio::co_spawn(subject_.scratch().io(), worker_->run(), asio::detached);
    }

    // Jobs a second.
    double capacity() { return rate(saturate(full_speed), full_speed); }
    // Of the last seconds of many.
    double steady(double a_second, seconds time, seconds last) {
        if (time > last) run(call(a_second, time - last));
        return rate(call(a_second, last), last);
    }
    // Jobs that wait for their last attempt.
    std::size_t left() const { return enqueued_ - begun_; }
    void settle() { run(wait_until_done()); }
    void stop() { run(worker_->stop(seconds(5))); }
    const std::string& url() { return subject_.scratch().url(); }

private:
    void run(Task<void> task) { subject_.scratch().run(std::move(task)); }
    double rate(Task<void> task, seconds time) {
        auto before = begun_;
        run(std::move(task));
        return static_cast<double>(begun_ - before) / static_cast<double>(time.count());
    }

    Task<void> saturate(seconds time) {
        for (auto end = Steady::now() + time; Steady::now() < end;) {
            if (left() < queued_at_full_speed) {
                co_await enqueue(1'000);
            } else {
                co_await subject_.sleep_until(Steady::now() + std::chrono::milliseconds(1));
            }
        }
    }
    Task<void> call(double a_second, seconds time) {
        auto begun = Steady::now();
        auto owed = 0.0;
        for (auto due = begun + tick; due <= begun + time; due += tick) {
            co_await subject_.sleep_until(due);
            owed += a_second * std::chrono::duration<double>(tick).count();
            auto count = static_cast<std::size_t>(owed);
            owed -= static_cast<double>(count);
            co_await enqueue(count);
        }
    }
    Task<void> wait_until_done() {
        while (left() > 0) co_await subject_.sleep_until(Steady::now() + tick);
    }
    Task<void> enqueue(std::size_t count) {
        enqueued_ += count;
        co_await subject_.fill(count, tenants);
    }

    Subject subject_{sql::Dialect::postgres, Work::retry};
    std::unique_ptr<workers::Worker> worker_ = subject_.make_worker(250);
    std::size_t enqueued_ = 0;
    // To their last attempt, which ends with the next claim: of as many as run at once it is not
    // known yet whether they did.
    std::size_t begun_ = 0;
};

// What nobody may clean up behind, as long as it lives.
class OldTransaction {
public:
    explicit OldTransaction(const std::string& url) : url_(url), session_(url) {
        session_.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
        session_.rows("SELECT count(*) FROM job_hot");
    }
    // Rows of the live state that nobody needs and nobody may remove.
    std::string dead() {
        sql::PostgresSession other(url_);
        return other.rows("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'job_hot'")
            .at(0)
            .at(0)
            .value();
    }

private:
    std::string url_;
    sql::PostgresSession session_;
};

void measure(seconds free, seconds pinned) {
    Churn churn;
    auto a_second = load * churn.capacity();
    churn.settle();
    auto last = std::min(free, pinned);
    auto steady = churn.steady(a_second, free, last);
    churn.settle();
    auto capacity = churn.capacity();
    churn.settle();
    OldTransaction old(churn.url());
    auto steady_pinned = churn.steady(a_second, pinned, last);
    auto left = churn.left();
    auto capacity_pinned = churn.capacity();
    fmt::print(
        R"({{"asked": {:.0f}, "free": {:.0f}, "pinned": {:.0f}, "free_capacity": {:.0f}, )"
        R"("pinned_capacity": {:.0f}, "left": {}, "dead": {}}})"
        "\n",
        a_second, steady, steady_pinned, capacity, capacity_pinned, left, old.dead()
    );
    churn.stop();
}

}  // namespace
}  // namespace afterresume::bench

int main(int count, char** words) {
    if (count != 3) {
        fmt::print(stderr, "usage: see the head of jobs_churn.cpp\n");
        return 2;
    }
    afterresume::bench::measure(
        std::chrono::seconds(std::atoi(words[1])), std::chrono::seconds(std::atoi(words[2]))
    );
    return 0;
}
