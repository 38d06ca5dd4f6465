// How long a worker process may still trust itself. Owned by the worker; read by its attempts.
#pragma once

#include "core/id.h"

#include <atomic>
#include <chrono>

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

private:
    Uuid worker_;
    std::atomic<BootTime> trusted_until_{BootTime{0}};
};

}  // namespace afterresume::jobs
