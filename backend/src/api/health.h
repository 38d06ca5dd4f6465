// Whether the program lives, whether it can serve, and its numbers.
#pragma once

#include "infra/http/route.h"
#include "infra/observability/metrics.h"

namespace afterresume::api {

struct Alive {
    std::string status = "ok";
};
BOOST_DESCRIBE_STRUCT(Alive, (), (status))

struct Check {
    bool ok = true;
    bool required = true;
    std::int64_t latency_ms = 0;
};
BOOST_DESCRIBE_STRUCT(Check, (), (ok, required, latency_ms))

struct Readiness {
    std::string status = "ok";
    std::map<std::string, Check> checks;
};
BOOST_DESCRIBE_STRUCT(Readiness, (), (status, checks))

class Health : public http::Controller<Health> {
public:
    Health(sql::Database& database, observability::Metrics& metrics, std::string data_dir)
        : database_(database), metrics_(metrics), data_dir_(std::move(data_dir)) {}
    http::Routes routes();

private:
    Task<Alive> alive(http::Call& call);
    Task<http::ResponseOf<Readiness>> ready(http::Call& call);
    Task<http::Response> numbers(http::Call& call);
    Task<Check> database_check();

    sql::Database& database_;
    observability::Metrics& metrics_;
    std::string data_dir_;
};

}  // namespace afterresume::api
