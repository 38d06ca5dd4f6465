#include "engine/jobs/processes.h"
#include "engine/workers/desk.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::workers {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

namespace {

// The loops outlive whatever one turn of theirs meets: the database may be away for a while.
// nullopt when it failed.
Task<std::optional<std::size_t>> guarded(
    observability::Log& log, std::string_view what, Task<std::size_t> turn
) {
    try {
        auto count = co_await std::move(turn);
        co_return count;
    } catch (const Error& error) {
        log.warning(
            "worker", "{} failed and will be tried again: {} ({})", what, error.what(), error.code()
        );
    } catch (const std::exception& error) {
        log.error("worker", "{} broke and will be tried again: {}", what, error.what());
    }
    co_return std::nullopt;
}

Task<void> sleep(asio::steady_timer& timer, milliseconds time) {
    timer.expires_after(time);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace

Task<void> Worker::Desk::claim_loop() {
    auto self = shared_from_this();
    auto poll = options_.shortest_poll;
    while (!stopping_) {
        auto got = co_await guarded(parts_.log, "claiming", turn());
        if (stopping_) break;
        if (got && may_claim_more()) {
            if (*got == 0) co_await wait(jittered(contended_pause));
            continue;
        }
        poll = got.value_or(0) > 0 ? options_.shortest_poll
                                   : std::min(poll * 2, options_.longest_poll);
        co_await wait(jittered(got ? poll : options_.longest_poll));
    }
}

Task<void> Worker::Desk::beat_loop() {
    auto self = shared_from_this();
    auto pause = options_.beat;
    while (!closed_) {
        if (!std::exchange(beat_soon_, false)) co_await sleep(beat_timer_, pause);
        if (closed_) break;
        beat_soon_ = false;
        auto beaten = co_await guarded(parts_.log, "the heartbeat", beat());
        pause = beaten ? options_.beat : std::min<milliseconds>(options_.beat, 1s);
    }
}

void Worker::Desk::beat_soon() {
    beat_soon_ = true;
    beat_timer_.cancel();
}

Task<void> Worker::Desk::rescue_loop() {
    auto self = shared_from_this();
    while (!closed_) {
        co_await sleep(rescue_timer_, jittered(options_.rescue_every));
        if (closed_) break;
        co_await guarded(parts_.log, "the rescue", rescue());
    }
}

// With the database away the lease ends by itself, and others take the jobs: stopping goes on.
Task<void> Worker::Desk::stop(milliseconds grace) {
    auto self = shared_from_this();
    stopping_ = true;
    ring();
    auto end = Steady::now() + grace;
    co_await guarded(parts_.log, "telling that this worker drains", tell_draining());
    while (true) {
        co_await guarded(parts_.log, "writing outcomes", turn());
        auto left = std::chrono::duration_cast<milliseconds>(end - Steady::now());
        if (idle() || left <= 0ms) break;
        co_await wait(std::min<milliseconds>(left, 100ms));
    }
    co_await guarded(parts_.log, "handing jobs back", hand_back_all());
    co_await guarded(parts_.log, "signing off", sign_off());
    lease_->end();
    closed_ = true;
    beat_timer_.cancel();
    rescue_timer_.cancel();
}

Task<std::size_t> Worker::Desk::tell_draining() {
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::mark_draining(*tx, id());
    co_await tx->commit();
    co_return 1;
}

Task<std::size_t> Worker::Desk::hand_back_all() {
    auto now = parts_.clock.now();
    std::vector<jobs::Return> returns;
    for (auto& [id, attempt] : attempts_) {
        attempt->signals.abandoned = true;
        returns.push_back(jobs::handed_back(attempt->job.fence(), now));
    }
    if (returns.empty()) co_return 0;
    parts_.log.info("worker", "handing {} unfinished jobs back", returns.size());
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::write_outcomes(*tx, {}, returns, now);
    co_await tx->commit();
    co_return returns.size();
}

Task<std::size_t> Worker::Desk::sign_off() {
    auto tx = parts_.database.begin_engine(sql::Access::write);
    jobs::sign_off(*tx, id(), parts_.clock.now());
    co_await tx->commit();
    co_return 1;
}

}  // namespace afterresume::workers
