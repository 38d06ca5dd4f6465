#include "engine/jobs/lease.h"

#include <ctime>

namespace afterresume::jobs {

BootTime boot_time_now() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace afterresume::jobs
