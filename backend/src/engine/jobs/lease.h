// How long a worker process may still trust itself, and what it works on under it. Owned by the
// worker; read by its attempts and its heartbeat, on any thread.
#pragma once

#include "core/id.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <unordered_set>
#include <vector>

namespace afterresume::jobs {

using BootTime = std::chrono::nanoseconds;
// CLOCK_BOOTTIME: goes on while the machine sleeps.
BootTime boot_time_now();

class Lease {
public:
    explicit Lease(Uuid worker) : worker_(worker) {}

    const Uuid& worker() const { return worker_; }
    // Past the trust window an attempt starts no step and no call, and writes nothing.
    bool trusted() const { return boot_time_now() < trusted_until_.load(); }
    // `until` counts from the moment before the beat was sent.
    void renew(BootTime until) { trusted_until_ = until; }
    void end() { trusted_until_ = BootTime{0}; }

    // The jobs whose outcome is not written yet.
    void take(const Uuid& job);
    void let_go(const Uuid& job);
    std::vector<Uuid> held() const;

private:
    Uuid worker_;
    std::atomic<BootTime> trusted_until_{BootTime{0}};
    mutable std::mutex mutex_;
    std::unordered_set<Uuid> held_;
};

}  // namespace afterresume::jobs
