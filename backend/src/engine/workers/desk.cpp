#include "engine/workers/desk.h"

#include "engine/jobs/processes.h"
#include "engine/jobs/release.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::workers {

namespace asio = boost::asio;

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t edges_at_once = 1'000;

std::vector<jobs::QueueName> every_queue() {
    using enum jobs::QueueName;
    return {interactive, ai, documents, delivery, maintenance};
}

bool ended_badly(const Outcome& outcome) {
    const auto* ending = std::get_if<jobs::Ending>(&outcome);
    return ending != nullptr && ending->status != jobs::Status::success;
}

double chance_of(std::minstd_rand& random) {
    return std::uniform_real_distribution<double>(0, 1)(random);
}

jobs::Efforts efforts_of(const orchestration::Workflows& workflows) {
    jobs::Efforts efforts;
    for (const auto& name : workflows.names())
        efforts.emplace(name, workflows.types().get(name).effort);
    return efforts;
}

jobs::JobId job_of(const Outcome& outcome) {
    return std::visit([](const auto& one) { return one.fence.id; }, outcome);
}

}  // namespace

Worker::Desk::Desk(Parts parts, Options options)
    : parts_(parts),
      options_(std::move(options)),
      tally_(parts.metrics, parts.log),
      types_(efforts_of(parts.workflows)),
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

Task<std::size_t> Worker::Desk::turn() {
    // Two turns at once would claim for the same free slots.
    if (turning_) co_return 0;
    auto request = next_claim();
    if (request.limit == 0 && outcomes_.empty()) co_return 0;
    turning_ = true;
    auto outcomes = std::exchange(outcomes_, {});
    auto lease = lease_;
    jobs::Claims claims;
    auto begun = Steady::now();
    try {
        claims = co_await exchange(outcomes, request);
    } catch (...) {
        turning_ = false;
        outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
        throw;
    }
    turning_ = false;
    for (const auto& outcome : outcomes) {
        attempts_.erase(job_of(outcome));
        lease->let_go(job_of(outcome));
    }
    // Declared dead meanwhile: what was claimed is taken back by whoever declared it.
    if (lease != lease_) co_return 0;
    if (request.limit > 0) lookout_.looked(request.look, begun, Steady::now(), request.now);
    more_ = claims.more;
    places_ = std::move(claims.places);
    hungry_ = static_cast<std::int64_t>(claims.jobs.size()) < request.limit;
    auto count = claims.jobs.size();
    for (auto& job : claims.jobs) begin(std::move(job));
    // Children of what failed end without a worker; and with nothing else to do, nothing is left.
    auto idle_now = count == 0 && request.limit > 0;
    if ((idle_now || std::ranges::any_of(outcomes, &ended_badly)) && co_await resolve() > 0) ring();
    co_return count;
}

Task<std::size_t> Worker::Desk::thorough_turn() {
    lookout_.demand_everywhere();
    return turn();
}

jobs::ClaimRequest Worker::Desk::next_claim() {
    jobs::ClaimRequest request{id(), options_.queues, types_, 0, parts_.clock.now()};
    // Every queue is served first now and then, so that a flood in one starves none.
    std::ranges::rotate(
        request.queues,
        request.queues.begin() + static_cast<std::ptrdiff_t>(rotation_++ % request.queues.size())
    );
    if (!stopping_ && lease_->trusted() && running_ < options_.concurrency) {
        request.limit = static_cast<std::int64_t>(options_.concurrency - running_);
    }
    request.look = lookout_.next(hungry_, Steady::now());
    request.places = places_;
    return request;
}

Task<jobs::Claims> Worker::Desk::exchange(
    const std::vector<Outcome>& outcomes, const jobs::ClaimRequest& request
) {
    for (int tries = 1;; ++tries) {
        try {
            auto claims = co_await exchange_once(outcomes, request);
            co_return claims;
        } catch (const Error& error) {
            // An event was appended at the same moment; the next look sees it.
            if (error.code() != "sql.unique" || tries == 5) throw;
        }
    }
}

Task<jobs::Claims> Worker::Desk::exchange_once(
    const std::vector<Outcome>& outcomes, const jobs::ClaimRequest& request
) {
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::plan_by_index(*tx);
    std::vector<jobs::Ending> endings;
    std::vector<jobs::Return> returns;
    for (const auto& outcome : outcomes) {
        if (const auto* ending = std::get_if<jobs::Ending>(&outcome)) endings.push_back(*ending);
        if (const auto* back = std::get_if<jobs::Return>(&outcome)) returns.push_back(*back);
    }
    jobs::write_outcomes(*tx, endings, returns, request.now, 0);
    jobs::release(*tx, edges_at_once, request.now);
    jobs::Claims claims;
    if (request.limit > 0) {
        jobs::promote_due(*tx, request.now, lookout_.due_since(request.look));
        claims = co_await jobs::claim(*tx, request);
    }
    co_await tx->commit();
    co_return claims;
}

void Worker::Desk::begin(jobs::Claimed job) {
    auto made = std::make_shared<Attempt>(Attempt{std::move(job), lease_, jobs::boot_time_now()});
    attempts_[made->job.id] = made;
    lease_->take(made->job.id);
    ++running_;
    tally_.began(made->job, parts_.clock.now(), running_);
    asio::co_spawn(parts_.io, attempt(std::move(made)), asio::detached);
}

Task<void> Worker::Desk::attempt(AttemptPointer attempt) {
    auto self = shared_from_this();
    auto begun = std::chrono::steady_clock::now();
    auto made = co_await make_attempt(parts_, *attempt, retries_, chance_of(random_));
    --running_;
    tally_.ended(attempt->job, made.name, std::chrono::steady_clock::now() - begun, running_);
    auto& outcome = made.left;
    if (outcome && !attempt->signals.abandoned) {
        outcomes_.push_back(std::move(*outcome));
    } else {
        forget(attempt);
    }
    ring();
}

// Another attempt at the same job may have come to this desk since.
void Worker::Desk::forget(const AttemptPointer& attempt) {
    auto found = attempts_.find(attempt->job.id);
    if (found == attempts_.end() || found->second != attempt) return;
    attempts_.erase(found);
    attempt->lease->let_go(attempt->job.id);
}

Task<void> Worker::Desk::wait(std::chrono::milliseconds longest) {
    if (!rung_) {
        wake_.expires_after(longest);
        boost::system::error_code ignored;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    rung_ = false;
}

void Worker::Desk::ring() {
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
