#include "engine/workers/queue_watch.h"

#include "engine/jobs/kinds.h"
#include "engine/workers/loop.h"
#include "engine/workers/ration.h"

#include <algorithm>

namespace afterresume::workers {

namespace {

struct Waiting {
    std::int64_t ready = 0;
    std::optional<Timestamp> oldest;
};
BOOST_DESCRIBE_STRUCT(Waiting, (), (ready, oldest))

// Goes by the index of claims, and reads no more of it than the limit.
constexpr sql::Statement count_ready{
    "jobs.count_ready", R"sql(
    SELECT count(*) AS ready, min(run_at) AS oldest
    FROM (SELECT run_at FROM job_hot WHERE queue = :queue AND state = 'ready' LIMIT :most) waiting)sql"
};

}  // namespace

QueueWatch::QueueWatch(
    boost::asio::io_context& io, sql::Database& database, const Clock& clock,
    observability::Log& log, observability::Metrics& metrics
)
    : database_(database), clock_(clock), log_(log), metrics_(metrics), timer_(io) {}

Task<std::size_t> QueueWatch::look() {
    using enum jobs::QueueName;
    std::size_t waiting = 0;
    auto tx = database_.begin_engine(sql::Access::read);
    for (auto queue : {interactive, ai, documents, delivery, maintenance}) {
        auto found = co_await tx->one<Waiting>(
            count_ready, sql::named("queue", queue), sql::named("most", most)
        );
        observability::Labels labels{{"queue", std::string(describe::name_of(queue))}};
        auto& depth = metrics_.gauge("queue_depth", "Jobs that are ready, 10000 at most", labels);
        observability::set(depth, static_cast<double>(found.ready));
        auto age = found.oldest ? clock_.now() - *found.oldest : std::chrono::milliseconds(0);
        auto& oldest = metrics_.gauge(
            "queue_oldest_ready_seconds", "How long the job waits that waits longest", labels
        );
        observability::set(oldest, std::max(std::chrono::duration<double>(age).count(), 0.0));
        waiting += static_cast<std::size_t>(found.ready);
    }
    co_return waiting;
}

Task<void> QueueWatch::run() {
    // Beside an old transaction a look walks over all that was ready since.
    Ration ration(every, std::chrono::minutes(5));
    while (!stopped_) {
        auto begun = std::chrono::steady_clock::now();
        co_await guarded(log_, "looking at the queues", look());
        auto ended = std::chrono::steady_clock::now();
        ration.took(begun, ended);
        auto pause = std::chrono::ceil<std::chrono::milliseconds>(ration.due() - ended);
        if (!stopped_) co_await sleep(timer_, pause);
    }
}

void QueueWatch::stop() {
    stopped_ = true;
    timer_.cancel();
}

}  // namespace afterresume::workers
