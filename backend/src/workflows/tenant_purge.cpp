#include "workflows/tenant_purge.h"

#include "engine/jobs/id_time.h"

namespace afterresume::workflows {

namespace {

constexpr std::int64_t purged_at_once = 1000;
constexpr std::int64_t erasures_at_once = 100;

// A record is sealed within a second or two, and a job that was asked to stop has some ten; what
// takes longer waits for the next time that all are purged.
constexpr std::chrono::seconds pause{5};
constexpr std::chrono::minutes patience{10};

// `act(tx)` in transactions that `begin()` gives, until it changes nothing; how many rows.
template <class Begin, class Act>
Task<std::int64_t> until_nothing(orchestration::Run& run, Begin begin, Act act) {
    std::int64_t all = 0;
    for (std::int64_t taken = 1; taken > 0; all += taken) {
        run.check();
        auto tx = begin();
        auto pending = act(*tx);
        taken = co_await std::move(pending);
        co_await tx->commit();
    }
    co_return all;
}

}  // namespace

Task<void> TenantPurge::run(orchestration::Run& run, NoArgs) {
    auto result = co_await erase_all(run);
    auto now = parts_.clock.now();
    if (result.waiting > 0 && run.job().id >= jobs::least_id(now - patience)) {
        JsonObject data{
            {"tenants", result.tenants},
            {"people", result.people},
            {"rows", result.rows},
            {"waiting", result.waiting}
        };
        co_await run.event(
            jobs::Level::info, jobs::Source::workflow, "Goes over those that wait soon.",
            std::move(data)
        );
        co_await run.wait_until(now + pause);
    }
    run.conclude(result);
}

Task<TenantPurgeResult> TenantPurge::erase_all(orchestration::Run& run) {
    TenantPurgeResult result;
    std::vector<tenants::Erasure> due;
    Id<tenants::Erasure> last{0};
    do {
        run.check();
        auto tx = parts_.database.begin_engine(sql::Access::read);
        due = co_await parts_.erasures.list_due(*tx, last, erasures_at_once);
        for (const auto& one : due) {
            auto& counted = one.is_of_all() ? result.tenants : result.people;
            auto gone = co_await erase(run, one, result);
            ++(gone ? counted : result.waiting);
            last = one.id;
        }
    } while (!due.empty());
    co_return result;
}

Task<bool> TenantPurge::erase(
    orchestration::Run& run, const tenants::Erasure& one, TenantPurgeResult& result
) {
    auto scope = parts_.scope_of(one);
    auto begin = [&] { return parts_.database.begin(scope, sql::Access::write); };
    {
        auto tx = begin();
        auto planned = co_await parts_.erasures.begin(*tx, scope);
        co_await tx->commit();
        if (!planned) co_return false;
    }
    co_await remove_rows(run, scope, result);
    auto begin_engine = [&] { return parts_.database.begin_engine(sql::Access::write); };
    auto forget = [&](sql::Tx& engine) { return parts_.sessions(engine, one, purged_at_once); };
    result.rows += co_await until_nothing(run, begin_engine, forget);
    auto tx = begin();
    if (co_await parts_.erasures.has_to_wait(*tx, scope)) co_return false;
    co_await parts_.erasures.end(*tx, scope);
    co_await tx->commit();
    co_return true;
}

Task<void> TenantPurge::remove_rows(
    orchestration::Run& run, const Scope& scope, TenantPurgeResult& result
) {
    auto begin = [&] { return parts_.database.begin(scope, sql::Access::write); };
    for (const auto& part : parts_.first) {
        auto take = [&](sql::Tx& tx) { return part.bite(tx, scope, purged_at_once); };
        result.rows += co_await until_nothing(run, begin, take);
    }
    for (std::size_t table = 0; table < tenants::Erasures::tables(); ++table) {
        auto take = [&](sql::Tx& tx) {
            return parts_.erasures.remove(tx, scope, table, purged_at_once);
        };
        result.rows += co_await until_nothing(run, begin, take);
    }
}

}  // namespace afterresume::workflows
