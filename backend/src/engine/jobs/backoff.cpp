#include "engine/jobs/backoff.h"

#include <algorithm>

namespace afterresume::jobs {

bool may_pass(ErrorKind kind) {
    using enum ErrorKind;
    return kind == upstream || kind == unavailable || kind == rate_limited || kind == storage_full;
}

std::chrono::milliseconds backoff_delay(
    const Backoff& backoff, std::int64_t attempt, double chance
) {
    auto doublings = std::clamp<std::int64_t>(attempt - 1, 0, 30);
    auto ceiling = std::min(backoff.cap, backoff.base * (std::int64_t{1} << doublings));
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * chance)
    );
}

}  // namespace afterresume::jobs
