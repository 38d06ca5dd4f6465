// Whether the program lives, whether it can serve, and its numbers.
#pragma once

#include "core/clock.h"
#include "infra/http/route.h"
#include "infra/observability/metrics.h"
#include "infra/redis/client.h"

namespace afterresume::api {

struct Alive {
    std::string status = "ok";
};
BOOST_DESCRIBE_STRUCT(Alive, (), (status))

struct Check {
    bool ok = true;
    bool required = true;
    // Of the answer; of queues, how long the oldest job has been ready.
    std::int64_t latency_ms = 0;
    // When this process first found it as it is now.
    Timestamp since;
};
BOOST_DESCRIBE_STRUCT(Check, (), (ok, required, latency_ms, since))

struct Readiness {
    std::string status = "ok";
    std::map<std::string, Check> checks;
};
BOOST_DESCRIBE_STRUCT(Readiness, (), (status, checks))

class Health : public http::Controller<Health> {
public:
    struct Parts {
        sql::Database& database;
        // Null without one. Nothing needs it: each node limits by itself while it is away.
        redis::Client* redis;
        observability::Metrics& metrics;
        const Clock& clock;
        std::string data_dir;
    };
    explicit Health(Parts parts) : parts_(std::move(parts)) {}
    http::Routes routes();
    // What operators see besides: whether somebody works, and how long work waits.
    http::Routes for_operators();

private:
    Task<Alive> alive(http::Call& call);
    Task<http::ResponseOf<Readiness>> ready(http::Call& call);
    Task<http::ResponseOf<Readiness>> whole(http::Call& call);
    Task<http::Response> numbers(http::Call& call);

    Task<Readiness> serving();
    Task<Check> ask(std::string name, bool required, Task<bool> question);
    Task<bool> database_answers();
    Task<bool> redis_answers();
    Task<bool> somebody_works();
    Task<Check> queues();
    Check noted(const std::string& name, Check check);

    struct Found {
        bool ok;
        Timestamp since;
    };

    Parts parts_;
    std::map<std::string, Found> found_;
};

}  // namespace afterresume::api
