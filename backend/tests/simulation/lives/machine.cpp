#include "machine.h"

#include "core/work_pool.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <optional>
#include <random>
#include <utility>

namespace afterresume {
namespace lives {
namespace {

constinit thread_local const Machine* here = nullptr;
constinit thread_local std::mt19937_64* chance = nullptr;

std::optional<std::chrono::nanoseconds> told(clockid_t clock) {
    if (here == nullptr) return std::nullopt;
    if (clock == CLOCK_BOOTTIME) return here->boot;
    if (clock == CLOCK_MONOTONIC) return here->steady;
    return std::nullopt;
}

}  // namespace

Running::Running(const Machine& machine) { here = &machine; }
Running::~Running() { here = nullptr; }

Seeded::Seeded(std::uint64_t seed) { chance = new std::mt19937_64(seed); }
Seeded::~Seeded() { delete std::exchange(chance, nullptr); }

}  // namespace lives

// In the place of core's.
WorkPool::WorkPool(std::size_t) {}
WorkPool::~WorkPool() = default;
Task<void> WorkPool::execute(std::function<void()> job) {
    co_await boost::asio::post(
        co_await boost::asio::this_coro::executor, boost::asio::use_awaitable
    );
    job();
}

}  // namespace afterresume

// In the place of the C library's.
extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    auto told = afterresume::lives::told(clock);
    if (!told) return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
    auto seconds = std::chrono::floor<std::chrono::seconds>(*told);
    *time = {seconds.count(), (*told - seconds).count()};
    return 0;
}

ssize_t getrandom(void* bytes, size_t size, unsigned flags) {
    auto* dice = afterresume::lives::chance;
    if (dice == nullptr) return syscall(SYS_getrandom, bytes, size, flags);
    for (std::size_t at = 0; at < size; ++at)
        static_cast<unsigned char*>(bytes)[at] = static_cast<unsigned char>((*dice)());
    return static_cast<ssize_t>(size);
}

// Without the kernel's timers Asio looks at the clock itself.
int timerfd_create(int, int) noexcept {
    errno = ENOSYS;
    return -1;
}
}
