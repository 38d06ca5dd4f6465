#include "features/accounts/pace.h"

#include <cerrno>
#include <csignal>
#include <optional>

#include <unistd.h>

namespace afterresume::accounts {

namespace {

constexpr timespec bit{0, 100'000};

int pace_signal() { return SIGRTMIN + 1; }

thread_local std::optional<timer_t> timer;

void run_a_bit() {
    itimerspec once{{}, bit};
    ::timer_settime(*timer, 0, &once, nullptr);
}

// Only what a signal handler may call. The timer begins when the thread runs again, so that it gets
// on however long the others kept it waiting.
void pause_a_bit(int) {
    auto kept = errno;
    ::nanosleep(&bit, nullptr);
    if (timer) run_a_bit();
    errno = kept;
}

void listen() {
    struct sigaction action{};
    action.sa_handler = &pause_a_bit;
    action.sa_flags = SA_RESTART;
    ::sigaction(pace_signal(), &action, nullptr);
}

}  // namespace

Pace::Pace() {
    static const bool listens = (listen(), true);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = pace_signal();
    // glibc has no other name for it.
    event._sigev_un._tid = ::gettid();
    timer_t made{};
    if (!listens || ::timer_create(CLOCK_MONOTONIC, &event, &made) != 0) return;
    timer = made;
    run_a_bit();
}

Pace::~Pace() {
    if (!timer) return;
    ::timer_delete(*timer);
    timer.reset();
}

}  // namespace afterresume::accounts
