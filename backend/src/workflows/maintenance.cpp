#include "workflows/maintenance.h"

#include "engine/jobs/keys.h"
#include "engine/jobs/processes.h"
#include "engine/jobs/retention.h"
#include "engine/schedules/firing.h"

namespace afterresume::workflows {

namespace {

constexpr std::int64_t removed_at_once = 500;
constexpr std::int64_t tenants_at_once = 100;

// One bite of the engine's tables.
template <class Act>
Task<std::int64_t> bitten(sql::Database& database, Act act) {
    auto tx = database.begin_engine(sql::Access::write);
    auto pending = act(*tx);
    auto removed = co_await std::move(pending);
    co_await tx->commit();
    co_return removed;
}

// Bites until one is not full.
template <class Act>
Task<std::int64_t> remove_all(orchestration::Run& run, sql::Database& database, Act act) {
    std::int64_t all = 0;
    for (std::int64_t removed = removed_at_once; removed == removed_at_once; all += removed) {
        run.check();
        removed = co_await bitten(database, act);
    }
    co_return all;
}

}  // namespace

Task<void> MaintenanceCleanup::run(orchestration::Run& run, NoArgs) {
    CleanupResult result;
    auto before = clock_.now() - retention_;
    co_await remove_jobs(run, result);
    auto forget = [before](sql::Tx& tx) {
        return schedules::forget_decisions(tx, before, removed_at_once);
    };
    result.decisions = co_await remove_all(run, database_, forget);
    auto forget_keys = [now = clock_.now()](sql::Tx& tx) {
        return jobs::forget_keys(tx, now, removed_at_once);
    };
    result.keys = co_await remove_all(run, database_, forget_keys);
    auto forget_all = [&](const Forget::Bite& bite) {
        return remove_all(run, database_, [&bite](sql::Tx& tx) {
            return bite(tx, removed_at_once);
        });
    };
    result.sessions = co_await forget_all(forget_.sessions);
    result.successors = co_await forget_all(forget_.successors);
    result.sign_ups = co_await forget_all(forget_.sign_ups);
    auto tx = database_.begin_engine(sql::Access::write);
    jobs::forget_dead(*tx, before);
    co_await tx->commit();
    co_await send_to_tenants(run, result);
    run.conclude(result);
}

Task<void> MaintenanceCleanup::remove_jobs(orchestration::Run& run, CleanupResult& result) {
    auto now = clock_.now();
    auto before = now - retention_;
    if (keep_weeks_) {
        auto keep = [&] { return keep_weeks_(now, before); };
        auto dropped = co_await run.offload(keep);
        result.weeks = std::move(dropped.weeks);
        result.jobs = dropped.jobs;
        co_return;
    }
    auto remove = [before](sql::Tx& tx) { return jobs::remove_ended(tx, before, removed_at_once); };
    result.jobs = co_await remove_all(run, database_, remove);
}

Task<void> MaintenanceCleanup::send_to_tenants(orchestration::Run& run, CleanupResult& result) {
    TenantId last{0};
    for (bool more = true; more;) {
        run.check();
        std::vector<TenantId> some;
        {
            auto tx = database_.begin_anonymous(sql::Access::read);
            some = co_await tenants_.list_all(*tx, last, tenants_at_once);
        }
        more = static_cast<std::int64_t>(some.size()) == tenants_at_once;
        if (some.empty()) break;
        auto tx = database_.begin_engine(sql::Access::write);
        for (auto tenant : some) {
            auto origin = run.origin();
            origin.tenant = tenant;
            co_await queue_.enqueue(*tx, origin, jobs::NewJob{"maintenance.purge"});
        }
        co_await tx->commit();
        last = some.back();
        result.tenants += static_cast<std::int64_t>(some.size());
    }
}

Task<void> MaintenancePurge::run(orchestration::Run& run, NoArgs) {
    PurgeResult result;
    auto scope = run.scope();
    for (const auto& purge : purges_) {
        auto& removed = result.removed[purge.what];
        auto take = [&](sql::Tx& tx) { return purge.bite(tx, scope, removed_at_once); };
        for (std::int64_t taken = removed_at_once; taken == removed_at_once; removed += taken)
            taken = co_await run.write(take);
    }
    run.conclude(result);
}

}  // namespace afterresume::workflows
