#include "engine/jobs/lease.h"

#include <ctime>

namespace afterresume::jobs {

BootTime boot_time_now() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void Lease::take(const Uuid& job) {
    std::scoped_lock lock(mutex_);
    held_.insert(job);
}

void Lease::let_go(const Uuid& job) {
    std::scoped_lock lock(mutex_);
    held_.erase(job);
}

std::vector<Uuid> Lease::held() const {
    std::scoped_lock lock(mutex_);
    return {held_.begin(), held_.end()};
}

}  // namespace afterresume::jobs
