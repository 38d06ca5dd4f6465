// One turn of a worker: what has ended is written and what is ready claimed, in one transaction,
// and what was claimed begins before that is on disk.
#include "engine/jobs/release.h"
#include "engine/workers/desk.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace afterresume::workers {

namespace asio = boost::asio;

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t edges_at_once = 1'000;

bool ended_badly(const Outcome& outcome) {
    const auto* ending = std::get_if<jobs::Ending>(&outcome);
    return ending != nullptr && ending->status != jobs::Status::success;
}

jobs::JobId job_of(const Outcome& outcome) {
    return std::visit([](const auto& one) { return one.fence.id; }, outcome);
}

}  // namespace

Task<std::size_t> Worker::Desk::turn() {
    auto paused = !stopping_ && parts_.is_paused && co_await parts_.is_paused();
    // Two turns at once would claim for the same free slots.
    if (turning_) co_return 0;
    paused_ = paused;
    auto request = next_claim();
    if (request.limit == 0 && outcomes_.empty()) co_return 0;
    turning_ = true;
    auto outcomes = std::exchange(outcomes_, {});
    std::size_t count = 0;
    try {
        count = co_await turn(std::move(request), outcomes);
    } catch (...) {
        turning_ = false;
        outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
        if (heart_) heart_->ask_for_all();
        throw;
    }
    turning_ = false;
    auto idle_now = count == 0 && hungry_;
    // Children of what failed end without a worker; and with nothing else to do, nothing is left.
    if ((idle_now || std::ranges::any_of(outcomes, &ended_badly)) && co_await resolve() > 0) ring();
    co_return count;
}

// What is claimed begins while the disk is still waited for.
Task<std::size_t> Worker::Desk::turn(
    jobs::ClaimRequest request, const std::vector<Outcome>& outcomes
) {
    auto lease = lease_;
    auto ended = attempts_of(outcomes);
    auto asked = Steady::now();
    auto [tx, claims] = co_await exchange(outcomes, request);
    if (request.limit > 0) lookout_.looked(request.look, asked, Steady::now(), request.now);
    std::vector<AttemptPointer> begun;
    // Declared dead meanwhile: what was claimed is taken back by whoever declared it.
    if (lease == lease_) {
        for (auto& job : claims.jobs) begun.push_back(begin(std::move(job)));
        more_ = claims.more;
        if (request.limit > 0) places_ = std::move(claims.places);
    }
    hungry_ = static_cast<std::int64_t>(begun.size()) < request.limit;
    co_await flush(*tx, begun);
    for (const auto& attempt : ended) forget(attempt);
    co_return begun.size();
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
    if (!stopping_ && !paused_ && lease_->trusted() && running_ < options_.concurrency) {
        request.limit = static_cast<std::int64_t>(options_.concurrency - running_);
    }
    for (const auto& spot : std::exchange(told_, {})) places_.expect(spot, request.now);
    request.look = lookout_.next(hungry_, Steady::now());
    request.places = places_;
    return request;
}

Task<Worker::Desk::Exchange> Worker::Desk::exchange(
    const std::vector<Outcome>& outcomes, const jobs::ClaimRequest& request
) {
    for (int tries = 1;; ++tries) {
        try {
            auto made = co_await exchange_once(outcomes, request);
            co_return made;
        } catch (const Error& error) {
            // An event was appended at the same moment; the next look sees it.
            if (error.code() != "sql.unique" || tries == 5) throw;
        }
    }
}

Task<Worker::Desk::Exchange> Worker::Desk::exchange_once(
    const std::vector<Outcome>& outcomes, const jobs::ClaimRequest& request
) {
    Exchange made{parts_.database.begin_engine(sql::Access::write), {}};
    auto& tx = made.tx;
    jobs::plan_by_index(*tx);
    std::vector<jobs::Ending> endings;
    std::vector<jobs::Return> returns;
    for (const auto& outcome : outcomes) {
        if (const auto* ending = std::get_if<jobs::Ending>(&outcome)) endings.push_back(*ending);
        if (const auto* back = std::get_if<jobs::Return>(&outcome)) returns.push_back(*back);
    }
    if (request.limit == 0) {
        jobs::write_outcomes(*tx, endings, returns, request.now, edges_at_once);
    } else {
        auto freed = co_await jobs::write_outcomes_unsettled(*tx, endings, returns, request.now);
        if (!outcomes.empty()) jobs::release(*tx, edges_at_once, request.now);
        jobs::promote_due(*tx, request.now, lookout_.due_since(request.look));
        made.claims = co_await jobs::claim(*tx, request, std::move(freed));
    }
    // A look that found nothing waits for no disk.
    auto idle = outcomes.empty() && made.claims.jobs.empty();
    co_await (idle ? tx->commit() : tx->commit_unflushed());
    co_return made;
}

std::vector<Worker::Desk::AttemptPointer> Worker::Desk::attempts_of(
    const std::vector<Outcome>& outcomes
) const {
    std::vector<AttemptPointer> attempts;
    for (const auto& outcome : outcomes) {
        auto found = attempts_.find(job_of(outcome));
        if (found != attempts_.end()) attempts.push_back(found->second);
    }
    return attempts;
}

Worker::Desk::AttemptPointer Worker::Desk::begin(jobs::Claimed job) {
    auto made = std::make_shared<Attempt>(
        Attempt{std::move(job), lease_, jobs::boot_time_now(), orchestration::Signals(parts_.io)}
    );
    attempts_[made->job.id] = made;
    lease_->take(made->job.id);
    ++running_;
    tally_.began(made->job, parts_.clock.now(), running_);
    asio::co_spawn(parts_.io, attempt(made), asio::detached);
    return made;
}

Task<void> Worker::Desk::flush(sql::Tx& tx, const std::vector<AttemptPointer>& begun) {
    try {
        co_await tx.flush();
    } catch (...) {
        abandon(begun);
        throw;
    }
}

// The database may have forgotten these claims, and the next of the same job here would have the
// same fence.
void Worker::Desk::abandon(const std::vector<AttemptPointer>& begun) {
    for (const auto& attempt : begun) {
        attempt->signals.abandon();
        auto is_its = [&](const Outcome& outcome) { return job_of(outcome) == attempt->job.id; };
        std::erase_if(outcomes_, is_its);
        forget(attempt);
    }
}

// Another attempt at the same job may have come to this desk since.
void Worker::Desk::forget(const AttemptPointer& attempt) {
    auto found = attempts_.find(attempt->job.id);
    if (found == attempts_.end() || found->second != attempt) return;
    attempts_.erase(found);
    attempt->lease->let_go(attempt->job.id);
}

}  // namespace afterresume::workers
