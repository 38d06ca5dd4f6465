// Limits of requests: on this node, and over all nodes where there is a Redis. Owned by the
// gateway; runs on the I/O thread only, and must outlive the rounds under way.
//
// What is taken is told to Redis, which knows the true level of each bucket, in rounds: one at a
// time, each with everything that came together during the one before. While none is under way for
// a bucket, one request passes on what this node knows of it and is told afterwards, whether or not
// there was room; all others wait for the answer of the next round. So no more than one for each
// node passes beyond a limit, and a request alone waits for nothing.
#pragma once

#include "api/limit_buckets.h"
#include "core/task.h"
#include "infra/observability/log.h"
#include "infra/redis/client.h"

#include <functional>
#include <memory>
#include <optional>

namespace afterresume::api {

class RateLimiter {
public:
    using Time = Bucket::Time;

    // Redis as the limits use it. Both must outlive the limiter.
    struct Shared {
        redis::Client& redis;
        observability::Log& log;
        // Who has waited for an answer for so long decides by what is known here. From then on
        // nobody waits, until an answer has come in time.
        std::chrono::milliseconds patience{20};
    };

    // Without `shared` this node is the only one. `now` is another clock in tests.
    explicit RateLimiter(
        std::optional<Shared> shared = std::nullopt,
        std::function<Time()> now = std::chrono::steady_clock::now
    )
        : shared_(shared), now_(std::move(now)) {}

    // Takes one of that bucket.
    Task<Allowance> take(std::string name, Limit limit);
    // One that was taken just now, as if it had not been.
    Task<void> give_back(std::string name);
    // Whether the limits hold over all nodes at the moment.
    bool trusts_shared() const { return shared_ && trusted_; }

private:
    struct Round;
    using Named = std::pair<const std::string, Bucket>;

    Task<Allowance> ask(Named& named);
    Task<void> tell(Named& named, std::int64_t count);
    Round& gather(Named& named, const boost::asio::any_io_executor& executor);
    Task<void> run_rounds();
    Task<bool> run_round(Round& round);
    void learn(Round& round, const redis::Value& answer, Time sent_at);
    void fail(Round& round);
    void set_trust(bool trusted);

    std::optional<Shared> shared_;
    std::function<Time()> now_;
    Buckets buckets_;
    std::shared_ptr<Round> gathering_;
    bool running_ = false;
    // At first, because nothing is known against it.
    bool trusted_ = true;
    // Without trust, when it is tried again.
    Time next_try_{};
};

}  // namespace afterresume::api
