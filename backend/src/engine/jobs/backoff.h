// When to try again.
#pragma once

#include "core/error.h"
#include "engine/jobs/job_types.h"

namespace afterresume::jobs {

// Whether an error of that kind may be gone at the next attempt.
bool may_pass(ErrorKind kind);

// After the attempt of that number (from 1); `chance` is uniform in [0, 1).
std::chrono::milliseconds backoff_delay(
    const Backoff& backoff, std::int64_t attempt, double chance
);
// For a retry that is one too many for now: the later half of the cap.
std::chrono::milliseconds longest_delay(const Backoff& backoff, double chance);

}  // namespace afterresume::jobs
