// Looks now and then how much waits, for the metrics of who serves them. Owned by app/; what it is
// made of must outlive it, and so must the io_context it was spawned on.
#pragma once

#include "core/clock.h"
#include "core/task.h"
#include "infra/observability/log.h"
#include "infra/observability/metrics.h"
#include "infra/sql/database.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace afterresume::workers {

class QueueWatch {
public:
    static constexpr std::chrono::seconds every{15};
    // Of one queue no more are counted, so that a look costs the same whatever waits.
    static constexpr std::int64_t most = 10'000;

    QueueWatch(
        boost::asio::io_context& io, sql::Database& database, const Clock& clock,
        observability::Log& log, observability::Metrics& metrics
    );

    // Until stop().
    Task<void> run();
    void stop();
    // Sets queue_depth{queue}, the jobs that are ready, and queue_oldest_ready_seconds{queue}, how
    // long the one of them has been that waits longest; 0 where there is none.
    Task<std::size_t> look();

private:
    sql::Database& database_;
    const Clock& clock_;
    observability::Log& log_;
    observability::Metrics& metrics_;
    boost::asio::steady_timer timer_;
    bool stopped_ = false;
};

}  // namespace afterresume::workers
