#include "api/health.h"

#include <filesystem>

namespace afterresume::api {

namespace {

constexpr std::uintmax_t least_free_bytes = 100 << 20;

Check disk_check(const std::string& folder) {
    std::error_code failure;
    auto space = std::filesystem::space(folder, failure);
    return Check{!failure && space.available >= least_free_bytes, false, 0};
}

}  // namespace

http::Routes Health::routes() {
    using http::Transaction;
    return {
        get("/api/healthz/", "Whether the program lives", http::anybody, &Health::alive)
            .in(Transaction::none)
            .unlogged(),
        get("/api/readyz/", "Whether it can serve, by dependency", http::anybody, &Health::ready)
            .in(Transaction::none)
            .unlogged(),
        get("/metrics", "Numbers in Prometheus' text format", http::anybody, &Health::numbers)
            .in(Transaction::none)
            .giving({"text/plain"})
            .unlogged(),
    };
}

Task<Alive> Health::alive(http::Call&) { co_return Alive{}; }

Task<Check> Health::database_check() {
    auto begun = std::chrono::steady_clock::now();
    Check check;
    try {
        co_await database_.ping();
    } catch (const Error&) {
        check.ok = false;
    }
    check.latency_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::chrono::steady_clock::now() - begun
    )
                           .count();
    co_return check;
}

Task<http::ResponseOf<Readiness>> Health::ready(http::Call&) {
    Readiness readiness;
    readiness.checks["database"] = co_await database_check();
    readiness.checks["disk"] = disk_check(data_dir_);
    bool ready = true;
    for (const auto& [name, check] : readiness.checks)
        ready = ready && (check.ok || !check.required);
    if (!ready) readiness.status = "unavailable";
    auto response = http::json_response(ready ? 200 : 503, describe::to_json(readiness));
    co_return http::ResponseOf<Readiness>{std::move(response)};
}

Task<http::Response> Health::numbers(http::Call&) {
    http::Response response;
    response.content_type = "text/plain; version=0.0.4";
    response.body = metrics_.text();
    co_return response;
}

}  // namespace afterresume::api
