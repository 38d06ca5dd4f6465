#include "engine/workers/desk.h"

#include "engine/jobs/processes.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::workers {

namespace asio = boost::asio;

namespace {

std::vector<jobs::QueueName> every_queue() {
    using enum jobs::QueueName;
    return {interactive, ai, documents, delivery, maintenance};
}

double chance_of(std::minstd_rand& random) {
    return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

Worker::Desk::Desk(Parts parts, Options options)
    : parts_(parts),
      options_(std::move(options)),
      tally_(parts.metrics, parts.log),
      types_(parts.workflows.names()),
      lease_(std::make_shared<jobs::Lease>(Uuid::random())),
      wake_(parts.io),
      rescue_timer_(parts.io),
      random_(static_cast<std::uint32_t>(std::hash<Uuid>{}(lease_->worker()))) {
    if (options_.queues.empty()) options_.queues = every_queue();
}

Task<void> Worker::Desk::open() {
    beaten_ = jobs::boot_time_now();
    co_await enlist(parts_.database, lease_, options_, parts_.clock);
    if (parts_.database.dialect() != sql::Dialect::sqlite) co_return;
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::bury_all_but(*tx, id(), parts_.clock.now());
    co_await tx->commit();
    while (co_await rescue() > 0) {
    }
}

Task<void> Worker::Desk::attempt(AttemptPointer attempt) {
    auto self = shared_from_this();
    auto begun = std::chrono::steady_clock::now();
    auto made = co_await make_attempt(parts_, *attempt, retries_, chance_of(random_));
    --running_;
    tally_.ended(attempt->job, made.name, std::chrono::steady_clock::now() - begun, running_);
    auto& outcome = made.left;
    if (outcome && !attempt->signals.abandoned()) {
        outcomes_.push_back(std::move(*outcome));
    } else {
        forget(attempt);
    }
    ring();
}

Task<void> Worker::Desk::wait(std::chrono::milliseconds longest) {
    if (!rung_) {
        wake_.expires_after(longest);
        boost::system::error_code ignored;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    rung_ = false;
}

void Worker::Desk::ring(const std::optional<jobs::Spot>& where) {
    if (where) told_.insert(*where);
    rung_ = true;
    wake_.cancel();
}

std::chrono::milliseconds Worker::Desk::jittered(std::chrono::milliseconds time) {
    auto factor = 0.75 + 0.5 * chance_of(random_);
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(static_cast<double>(time.count()) * factor)
    );
}

}  // namespace afterresume::workers
