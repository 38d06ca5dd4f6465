#include "features/tenants/quotas.h"

#include <algorithm>

namespace afterresume::tenants {

using sql::named;

namespace {

Task<std::vector<TenantLimits>> read_limits(sql::Tx& engine) {
    static constexpr sql::Statement statement{
        "quotas.limits", "SELECT tenant_id, plan, own, set_by, set_at FROM tenant_limits ORDER BY 1"
    };
    return engine.all<TenantLimits>(statement);
}

Task<std::int64_t> count_members(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "quotas.members", "SELECT count(*) FROM membership WHERE tenant_id = :tenant_id"
    };
    return tx.one<std::int64_t>(statement, scope);
}

Task<std::int64_t> count_share_links(sql::Tx& tx, const Scope& scope, Timestamp now) {
    static constexpr sql::Statement statement{"quotas.share_links", R"sql(
        SELECT count(*) FROM share_link
        WHERE tenant_id = :tenant_id AND expires_at > :now AND revoked_at IS NULL)sql"};
    return tx.one<std::int64_t>(statement, scope, named("now", now));
}

struct Queued {
    std::int64_t jobs = 0;
    // Of the scope's user.
    std::int64_t share_percent = 100;
};
BOOST_DESCRIBE_STRUCT(Queued, (), (jobs, share_percent))

// No more than so many of those that have not begun, and than so many of those behind others or put
// off.
Task<Queued> count_queued_jobs(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    static constexpr sql::Statement statement{"quotas.queued_jobs", R"sql(
        SELECT (SELECT count(*) FROM (
                    SELECT 1 FROM job_hot
                    WHERE tenant_id = :tenant_id AND state = 'ready' AND queue IN (SELECT name FROM job_queue)
                    LIMIT :most) AS ready)
             + (SELECT count(*) FROM (
                    SELECT 1 FROM job_hot WHERE tenant_id = :tenant_id AND state IN ('blocked', 'scheduled')
                    LIMIT :most) AS later) AS jobs,
               coalesce((SELECT share_percent FROM membership WHERE tenant_id = :tenant_id AND user_id = :user_id), 100)
                   AS share_percent)sql"};
    return tx.one<Queued>(statement, scope, named("most", most));
}

// Of those, the ones that the scope's user asked for, no more than so many. Each is looked up by
// itself: what somebody has ever asked for may be far more than what waits.
Task<std::int64_t> count_own_queued_jobs(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    static constexpr sql::Statement statement{"quotas.own_queued_jobs", R"sql(
        SELECT count(*) FROM (
            SELECT 1 FROM (
                SELECT id FROM job_hot
                WHERE tenant_id = :tenant_id AND state = 'ready' AND queue IN (SELECT name FROM job_queue)
                UNION ALL
                SELECT id FROM job_hot WHERE tenant_id = :tenant_id AND state IN ('blocked', 'scheduled')) AS waiting
            WHERE (SELECT user_id FROM job WHERE job.id = waiting.id) = :user_id
            LIMIT :most) AS own)sql"};
    return tx.one<std::int64_t>(statement, scope, named("most", most));
}

// In the fullest of the queues of what people ask for, each of which has the limit: see
// jobs::limit_tenant().
Task<std::int64_t> count_running_jobs(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"quotas.running_jobs", R"sql(
        SELECT coalesce(max(jobs), 0) FROM (
            SELECT count(*) AS jobs FROM job_hot
            WHERE tenant_id = :tenant_id AND state = 'running' AND queue IN ('interactive', 'ai', 'documents')
            GROUP BY queue) AS queues)sql"};
    return tx.one<std::int64_t>(statement, scope);
}

// Where those who take what is counted take turns, until the transaction ends.
void take_turn(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "quotas.lock", "SELECT id FROM tenant WHERE id = :tenant_id FOR NO KEY UPDATE"
    };
    tx.defer(statement, scope);
}

// Somebody may leave, and a link end, at any time; asking again within the hour is of little use.
// Jobs begin all the time.
constexpr std::chrono::hours until_there_is_room{1};
constexpr std::chrono::seconds until_a_job_begins{10};

// Where nothing limits it.
constexpr std::int64_t most_counted = 100'000;

[[noreturn]] void refuse(const QuotaState& state, Timestamp now) {
    std::chrono::seconds pause = until_there_is_room;
    if (state.quota == Quota::queued_jobs || state.quota == Quota::own_queued_jobs)
        pause = until_a_job_begins;
    if (state.resets_at) pause = std::chrono::ceil<std::chrono::seconds>(*state.resets_at - now);
    QuotaExceeded refused(state);
    static_cast<Error&&>(refused).retry_after(pause.count());
    throw refused;
}

const TenantLimits* find_row(const std::vector<TenantLimits>& rows, TenantId tenant) {
    auto found = std::ranges::lower_bound(rows, tenant.value, {}, [](const TenantLimits& one) {
        return one.tenant_id.value;
    });
    return found == rows.end() || found->tenant_id != tenant ? nullptr : &*found;
}

LocalDate day_of(Timestamp time) { return local_date(time, "UTC"); }

}  // namespace

Quotas::Quotas(
    sql::Database& database, std::map<std::string, Limits> plans, const Clock& clock,
    std::function<Rows::Time()> now
)
    : limited_(database, read_limits, std::move(now)), plans_(std::move(plans)), clock_(clock) {}

Limits Quotas::in_force(const TenantLimits& limits) const {
    auto plan = limits.plan ? plans_.find(*limits.plan) : plans_.end();
    return combined(plan == plans_.end() ? Limits{} : plan->second, limits.own);
}

Task<Limits> Quotas::limits_of(TenantId tenant) {
    auto known = co_await limited_.get();
    const auto* found = find_row(*known, tenant);
    co_return found != nullptr ? in_force(*found) : Limits{};
}

Task<std::optional<std::string>> Quotas::find_plan(TenantId tenant) {
    auto known = co_await limited_.get();
    const auto* found = find_row(*known, tenant);
    co_return found != nullptr ? found->plan : std::nullopt;
}

Timestamp Quotas::next_day() const {
    return std::chrono::floor<std::chrono::days>(clock_.now()) + std::chrono::days(1);
}

Task<void> Quotas::take_entries(sql::Tx& tx, const Scope& scope, std::int64_t count) {
    static constexpr sql::Statement statement{"quotas.take", R"sql(
        INSERT INTO quota_use (tenant_id, quota, day, used) VALUES (:tenant_id, :quota, :day, :count)
        ON CONFLICT (tenant_id, quota, day) DO UPDATE SET used = quota_use.used + excluded.used
        RETURNING used)sql"};
    auto limit = (co_await limits_of(scope.tenant())).entries_per_day;
    if (!limit) co_return;
    auto used = co_await tx.one<std::int64_t>(
        statement, scope, named("quota", Quota::entries_per_day),
        named("day", day_of(clock_.now())), named("count", count)
    );
    if (used > *limit)
        refuse({Quota::entries_per_day, limit, used - count, next_day()}, clock_.now());
}

Task<void> Quotas::require_members(sql::Tx& tx, const Scope& scope) {
    auto limit = (co_await limits_of(scope.tenant())).members;
    if (!limit) co_return;
    take_turn(tx, scope);
    auto members = co_await count_members(tx, scope);
    if (members > *limit) refuse({Quota::members, limit, members - 1, std::nullopt}, clock_.now());
}

Task<void> Quotas::require_share_links(sql::Tx& tx, const Scope& scope) {
    auto limit = (co_await limits_of(scope.tenant())).share_links;
    if (!limit) co_return;
    take_turn(tx, scope);
    auto now = clock_.now();
    auto links = co_await count_share_links(tx, scope, now);
    if (links > *limit) refuse({Quota::share_links, limit, links - 1, std::nullopt}, now);
}

Task<void> Quotas::require_queued_jobs(sql::Tx& tx, const Scope& scope, std::int64_t made) {
    auto limit = (co_await limits_of(scope.tenant())).queued_jobs;
    if (!limit) co_return;
    take_turn(tx, scope);
    auto queued = co_await count_queued_jobs(tx, scope, *limit + made);
    if (queued.jobs > *limit)
        refuse({Quota::queued_jobs, limit, queued.jobs - made, std::nullopt}, clock_.now());
    auto share = share_of(limit, queued.share_percent);
    if (!share) co_return;
    auto own = co_await count_own_queued_jobs(tx, scope, *share + made);
    if (own > *share)
        refuse({Quota::own_queued_jobs, share, own - made, std::nullopt}, clock_.now());
}

Task<std::vector<QuotaState>> Quotas::list(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement used_today{
        "quotas.used", R"sql(
        SELECT used FROM quota_use WHERE tenant_id = :tenant_id AND quota = :quota AND day = :day)sql"
    };
    auto limits = co_await limits_of(scope.tenant());
    auto entries = co_await tx.find<std::int64_t>(
        used_today, scope, named("quota", Quota::entries_per_day),
        named("day", day_of(clock_.now()))
    );
    auto jobs = co_await count_running_jobs(tx, scope);
    std::vector<QuotaState> out;
    out.push_back({Quota::entries_per_day, limits.entries_per_day, entries.value_or(0), next_day()}
    );
    out.push_back({Quota::members, limits.members, co_await count_members(tx, scope), std::nullopt}
    );
    out.push_back({Quota::concurrent_jobs, limits.concurrent_jobs, jobs, std::nullopt});
    auto links = co_await count_share_links(tx, scope, clock_.now());
    out.push_back({Quota::share_links, limits.share_links, links, std::nullopt});
    auto queued = co_await count_queued_jobs(tx, scope, most_counted);
    out.push_back({Quota::queued_jobs, limits.queued_jobs, queued.jobs, std::nullopt});
    if (auto share = share_of(limits.queued_jobs, queued.share_percent)) {
        auto own = co_await count_own_queued_jobs(tx, scope, most_counted);
        out.push_back({Quota::own_queued_jobs, share, own, std::nullopt});
    }
    co_return out;
}

Task<std::vector<TenantLimits>> Quotas::list_limits(sql::Tx& engine) { return read_limits(engine); }

Task<std::optional<TenantLimits>> Quotas::find_limits(sql::Tx& tx, TenantId tenant) {
    static constexpr sql::Statement statement{
        "quotas.find_limits", R"sql(
        SELECT tenant_id, plan, own, set_by, set_at FROM tenant_limits WHERE tenant_id = :tenant)sql"
    };
    return tx.find<TenantLimits>(statement, named("tenant", tenant));
}

void Quotas::set_limits(sql::Tx& tx, const TenantLimits& limits) {
    static constexpr sql::Statement statement{
        "quotas.set", R"sql(
        INSERT INTO tenant_limits (tenant_id, plan, own, set_by, set_at)
        VALUES (:tenant_id, :plan, :own, :set_by, :set_at)
        ON CONFLICT (tenant_id) DO UPDATE
        SET plan = excluded.plan, own = excluded.own, set_by = excluded.set_by, set_at = excluded.set_at)sql"
    };
    if (limits.plan && !plans_.contains(*limits.plan))
        throw Error::invalid_fields({{"/plan", "is no plan that there is"}});
    tx.defer(statement, limits);
    if (!limit_queues_) return;
    limit_queues_(tx, limits.tenant_id, in_force(limits).concurrent_jobs, clock_.now());
}

}  // namespace afterresume::tenants
