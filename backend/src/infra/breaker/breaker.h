// Keeps callers from a service that does not answer: after some failures in a row nobody calls it
// for a while, then one caller tries. The one implementation for everything outside. Pure; time is
// an argument.
#pragma once

#include <chrono>
#include <cstdint>

namespace afterresume::breaker {

struct Options {
    int failures = 3;
    std::chrono::milliseconds shortest{500};
    std::chrono::milliseconds longest{30'000};
};

class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Breaker(Options options = {}) : options_(options) {}

    // Whether to call now. Once it was open, one caller is let through at a time; it must say how
    // it went.
    bool allows(Time now);
    void succeeded();
    void failed(Time now);
    // For gauges and health.
    bool open(Time now) const { return failures_ >= options_.failures && now < open_until_; }

private:
    Options options_;
    int failures_ = 0;
    std::chrono::milliseconds pause_{0};
    Time open_until_{};
    bool trying_ = false;
};

}  // namespace afterresume::breaker
