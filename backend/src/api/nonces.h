// What may be used once within some minutes: on this node, and on all when there is a Redis. Owned
// by app/; runs on the I/O thread.
#pragma once

#include "core/clock.h"
#include "core/task.h"
#include "infra/redis/client.h"

#include <string>
#include <unordered_set>

namespace afterresume::api {

class Nonces {
public:
    // Remembered for at least this long, and for twice that at most.
    static constexpr std::chrono::minutes kept{10};

    // `shared` may be null. While it is away, each node remembers its own.
    Nonces(const Clock& clock, redis::Client* shared) : clock_(clock), shared_(shared) {}

    // Whether it is new; it is not from then on. Throws Error(unavailable, "request.busy") when
    // more are used than can be remembered.
    Task<bool> take(std::string nonce);

private:
    bool take_here(const std::string& digest);
    Task<bool> take_everywhere(const std::string& digest);

    const Clock& clock_;
    redis::Client* shared_;
    // Of these minutes and of those before.
    std::unordered_set<std::string> young_;
    std::unordered_set<std::string> old_;
    Timestamp turned_{};
};

}  // namespace afterresume::api
