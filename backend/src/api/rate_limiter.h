// Token buckets in memory: so many a second on average, so many at once. Used on the I/O thread
// only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace afterresume::api {

struct Limit {
    // Tokens a second.
    double rate = 1;
    double burst = 1;
};

struct Allowance {
    bool allowed = true;
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    // Seconds until a token is there (when refused) or the bucket is full.
    std::int64_t reset = 0;
};

class RateLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    // Takes one token of that bucket. Full buckets are forgotten when there are too many.
    Allowance take(const std::string& bucket, Limit limit, Time now);
    // One that was taken just now, as if it had not been.
    void give_back(const std::string& bucket);

private:
    struct Bucket {
        double tokens;
        Time at;
        Limit limit;
    };
    void forget_full(Time now);

    std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace afterresume::api
