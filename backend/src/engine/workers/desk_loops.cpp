#include "engine/jobs/processes.h"
#include "engine/workers/desk.h"
#include "engine/workers/loop.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace afterresume::workers {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

namespace {

// How often a worker that ends looks whether it may.
constexpr milliseconds look_again{100};

}  // namespace

Task<void> Worker::Desk::claim_loop() {
    auto self = shared_from_this();
    auto poll = options_.shortest_poll;
    while (!stopping_) {
        auto got = co_await guarded(parts_.log, "claiming", turn());
        if (stopping_) break;
        if (paused_) {
            co_await wait(jittered(options_.longest_poll));
            continue;
        }
        if (got && may_claim_more()) {
            if (*got == 0) co_await wait(jittered(contended_pause));
            continue;
        }
        poll = got.value_or(0) > 0 ? options_.shortest_poll
                                   : std::min(poll * 2, options_.longest_poll);
        auto pause = jittered(got ? poll : options_.longest_poll);
        co_await wait(lookout_.sleep(pause, Steady::now()));
    }
}

void Worker::Desk::start_beating() {
    auto heard = [&io = parts_.io, weak = weak_from_this()](Beat beat) {
        asio::post(io, [weak, beat = std::move(beat)]() mutable {
            auto desk = weak.lock();
            if (!desk) return;
            auto& log = desk->parts_.log;
            auto hearing = guarded(log, "hearing of the heartbeat", desk->hear(std::move(beat)));
            asio::co_spawn(desk->parts_.io, std::move(hearing), [desk](auto&&...) {});
        });
    };
    heart_ = std::make_unique<Heartbeat>(parts_, options_, lease_, std::move(heard));
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
        if ((idle() && !turning_) || left <= 0ms) break;
        co_await wait(std::min<milliseconds>(left, look_again));
    }
    // A claim that is under way may bring jobs yet.
    while (turning_) co_await wait(look_again);
    co_await guarded(parts_.log, "handing jobs back", hand_back_all());
    stop_beating();
    co_await guarded(parts_.log, "signing off", sign_off());
    lease_->end();
    closed_ = true;
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
        attempt->signals.abandon();
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
