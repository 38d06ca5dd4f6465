#include "engine/jobs/backoff.h"

#include <algorithm>

namespace afterresume::jobs {

namespace {

std::chrono::milliseconds part_of(std::chrono::milliseconds time, double part) {
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(static_cast<double>(time.count()) * part)
    );
}

}  // namespace

bool may_pass(ErrorKind kind) {
    using enum ErrorKind;
    return kind == upstream || kind == unavailable || kind == rate_limited || kind == storage_full;
}

std::chrono::milliseconds backoff_delay(
    const Backoff& backoff, std::int64_t attempt, double chance
) {
    auto doublings = std::clamp<std::int64_t>(attempt - 1, 0, 30);
    auto ceiling = std::min(backoff.cap, backoff.base * (std::int64_t{1} << doublings));
    return part_of(ceiling, chance);
}

std::chrono::milliseconds longest_delay(const Backoff& backoff, double chance) {
    return part_of(backoff.cap, (1 + chance) / 2);
}

}  // namespace afterresume::jobs
