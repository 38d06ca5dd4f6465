// When to try again.
#pragma once

#include "engine/jobs/job_types.h"

namespace afterresume::jobs {

// After the attempt of that number (from 1); `chance` is uniform in [0, 1).
std::chrono::milliseconds backoff_delay(
    const Backoff& backoff, std::int64_t attempt, double chance
);

}  // namespace afterresume::jobs
