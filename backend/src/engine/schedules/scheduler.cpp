#include "engine/schedules/scheduler.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::schedules {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

// Schedules that another process made are found within this time.
constexpr milliseconds longest_sleep{15'000};
// The database may be away for a while.
constexpr milliseconds after_failure{2'000};
// Another node decides about it at this moment, or its clock is a little behind.
constexpr milliseconds after_others{1'000};

Task<void> install(sql::Database& database, std::vector<BuiltIn> list, Timestamp now) {
    auto tx = database.begin_engine(sql::Access::write);
    co_await install(*tx, std::move(list), now);
    co_await tx->commit();
}

}  // namespace

Scheduler::Scheduler(Parts parts, std::vector<BuiltIn> built_ins)
    : parts_(parts),
      built_ins_(std::move(built_ins)),
      firing_(parts.database, parts.types, parts.queue, parts.cancels, parts.rights, parts.log),
      wake_(parts.io),
      ended_(parts.io, asio::steady_timer::time_point::max()) {
    parts.bell.listen(this, [this](const auto&) {
        rung_ = true;
        wake_.cancel();
    });
}

Scheduler::~Scheduler() { parts_.bell.forget(this); }

bool Scheduler::believes(Timestamp now) {
    auto verdict = watch_.look(now, parts_.clock.now(), jobs::boot_time_now());
    if (verdict != told_) {
        if (verdict == ClockWatch::Verdict::apart) {
            parts_.log.error(
                "schedules",
                "the clocks of the database and of this machine differ by more than {} "
                "s; nothing is fired from here until they agree",
                ClockWatch::tolerance.count()
            );
        } else if (verdict == ClockWatch::Verdict::jumped) {
            parts_.log.error(
                "schedules", "the clock was put forward; nothing is fired from here for {} minutes",
                ClockWatch::settling.count()
            );
        }
        told_ = verdict;
    }
    return verdict == ClockWatch::Verdict::fine;
}

Task<Scheduler::Turn> Scheduler::turn() {
    if (!installed_) {
        co_await install(parts_.database, built_ins_, parts_.clock.now());
        installed_ = true;
    }
    Turn turn{0, longest_sleep};
    auto times = co_await firing_.look(parts_.clock.now());
    if (!believes(times.now)) co_return turn;
    if (times.next && *times.next <= times.now) {
        while (!stopping_ && co_await firing_.fire_one(times.now)) ++turn.fired;
        times = co_await firing_.look(parts_.clock.now());
    }
    if (!times.next) co_return turn;
    auto left = *times.next - times.now;
    turn.idle = left > milliseconds(0) ? std::min<milliseconds>(left, longest_sleep) : after_others;
    co_return turn;
}

Task<milliseconds> Scheduler::guarded_turn() {
    try {
        auto done = co_await turn();
        co_return done.idle;
    } catch (const Error& error) {
        parts_.log.warning(
            "schedules", "firing failed and will be tried again: {} ({})", error.what(),
            error.code()
        );
    } catch (const std::exception& error) {
        parts_.log.error("schedules", "firing broke and will be tried again: {}", error.what());
    }
    co_return after_failure;
}

Task<void> Scheduler::run() {
    running_ = true;
    while (!stopping_) {
        rung_ = false;
        auto idle = co_await guarded_turn();
        if (stopping_ || rung_) continue;
        wake_.expires_after(idle);
        boost::system::error_code ignored;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    running_ = false;
    ended_.cancel();
}

Task<void> Scheduler::stop() {
    stopping_ = true;
    wake_.cancel();
    while (running_) {
        boost::system::error_code ignored;
        co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace afterresume::schedules
