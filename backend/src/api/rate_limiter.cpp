#include "api/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace afterresume::api {

namespace {

constexpr std::size_t most_buckets = 200'000;

double seconds_between(RateLimiter::Time from, RateLimiter::Time to) {
    return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Allowance RateLimiter::take(const std::string& bucket, Limit limit, Time now) {
    if (buckets_.size() >= most_buckets) forget_full(now);
    auto [found, fresh] = buckets_.try_emplace(bucket, Bucket{limit.burst, now, limit});
    auto& state = found->second;
    state.tokens =
        std::min(limit.burst, state.tokens + seconds_between(state.at, now) * limit.rate);
    state.at = now;
    Allowance out;
    out.limit = static_cast<std::int64_t>(limit.burst);
    out.allowed = state.tokens >= 1;
    if (out.allowed) state.tokens -= 1;
    out.remaining = static_cast<std::int64_t>(state.tokens);
    auto missing = out.allowed ? limit.burst - state.tokens : 1 - state.tokens;
    out.reset = static_cast<std::int64_t>(std::ceil(missing / limit.rate));
    return out;
}

void RateLimiter::give_back(const std::string& bucket) {
    auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return;
    auto& state = found->second;
    state.tokens = std::min(state.limit.burst, state.tokens + 1);
}

void RateLimiter::forget_full(Time now) {
    std::erase_if(buckets_, [&](const auto& pair) {
        const auto& bucket = pair.second;
        return bucket.tokens + seconds_between(bucket.at, now) * bucket.limit.rate >=
               bucket.limit.burst;
    });
}

}  // namespace afterresume::api
