#include "api/health.h"

#include "engine/inspect.h"

#include <algorithm>
#include <filesystem>

namespace afterresume::api {

namespace {

constexpr std::uintmax_t least_free_bytes = 100 << 20;
constexpr std::chrono::minutes longest_wait{5};

Check disk_check(const std::string& folder) {
    std::error_code failure;
    auto space = std::filesystem::space(folder, failure);
    Check check;
    check.ok = !failure && space.available >= least_free_bytes;
    check.required = false;
    return check;
}

http::ResponseOf<Readiness> answer(Readiness readiness) {
    auto ready = std::ranges::all_of(readiness.checks, [](const auto& check) {
        return check.second.ok || !check.second.required;
    });
    if (!ready) readiness.status = "unavailable";
    return {http::json_response(ready ? 200 : 503, describe::to_json(readiness))};
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

http::Routes Health::for_operators() {
    return {
        get("/system/health/", "See what the installation rests on, and whether work is done",
            Permission::read, &Health::whole)
            .in(http::Transaction::none)
            .for_staff(),
    };
}

Task<Alive> Health::alive(http::Call&) { co_return Alive{}; }

Check Health::noted(const std::string& name, Check check) {
    auto now = parts_.clock.now();
    auto& found = found_.try_emplace(name, Found{check.ok, now}).first->second;
    if (found.ok != check.ok) found = {check.ok, now};
    check.since = found.since;
    return check;
}

Task<Check> Health::ask(std::string name, bool required, Task<bool> question) {
    auto begun = std::chrono::steady_clock::now();
    Check check;
    check.required = required;
    try {
        check.ok = co_await std::move(question);
    } catch (const Error&) {
        check.ok = false;
    }
    auto took = std::chrono::steady_clock::now() - begun;
    check.latency_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    co_return noted(name, check);
}

Task<bool> Health::database_answers() {
    co_await parts_.database.ping();
    co_return true;
}

Task<bool> Health::redis_answers() {
    co_await parts_.redis->call({"PING"});
    co_return true;
}

Task<bool> Health::somebody_works() {
    auto tx = parts_.database.begin_engine(sql::Access::read);
    auto workers = co_await jobs::list_workers(*tx);
    auto now = parts_.clock.now();
    co_return std::ranges::any_of(workers, [&](const auto& one) {
        return !one.died_at && one.lease_until > now;
    });
}

Task<Check> Health::queues() {
    Check check;
    check.required = false;
    try {
        auto tx = parts_.database.begin_engine(sql::Access::read);
        auto now = parts_.clock.now();
        auto oldest = now;
        for (const auto& depth : co_await jobs::list_depths(*tx)) {
            if (depth.state == jobs::State::ready) oldest = std::min(oldest, depth.oldest);
        }
        check.ok = now - oldest <= longest_wait;
        check.latency_ms = (now - oldest).count();
    } catch (const Error&) {
        check.ok = false;
    }
    co_return noted("queues", check);
}

Task<Readiness> Health::serving() {
    Readiness readiness;
    auto& checks = readiness.checks;
    checks["database"] = co_await ask("database", true, database_answers());
    if (parts_.redis != nullptr) checks["redis"] = co_await ask("redis", false, redis_answers());
    checks["disk"] = noted("disk", disk_check(parts_.data_dir));
    co_return readiness;
}

Task<http::ResponseOf<Readiness>> Health::ready(http::Call&) {
    co_return answer(co_await serving());
}

Task<http::ResponseOf<Readiness>> Health::whole(http::Call&) {
    auto readiness = co_await serving();
    readiness.checks["workers"] = co_await ask("workers", false, somebody_works());
    readiness.checks["queues"] = co_await queues();
    co_return answer(std::move(readiness));
}

Task<http::Response> Health::numbers(http::Call&) {
    http::Response response;
    response.content_type = "text/plain; version=0.0.4";
    response.body = parts_.metrics.text();
    co_return response;
}

}  // namespace afterresume::api
