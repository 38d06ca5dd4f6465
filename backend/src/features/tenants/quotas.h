// Holds tenants to what they may have, exactly, however many take at once. Most tenants are not
// limited, which costs them nothing. Owned by app/; one per node, used on the I/O thread only.
#pragma once

#include "core/scope.h"
#include "features/tenants/limits.h"
#include "infra/sql/known.h"

namespace afterresume::tenants {

class Quotas {
public:
    using Rows = sql::Known<std::vector<TenantLimits>>;
    using LimitQueues = std::function<
        void(sql::Tx& tx, TenantId tenant, std::optional<std::int64_t> most, Timestamp now)>;

    // `now` is another clock in tests.
    Quotas(
        sql::Database& database, std::map<std::string, Limits> plans, const Clock& clock,
        std::function<Rows::Time()> now = std::chrono::steady_clock::now
    );

    // So many entries more today, counted in the caller's transaction from when the tenant was
    // first limited. Throws QuotaExceeded.
    Task<void> take_entries(sql::Tx& tx, const Scope& scope, std::int64_t count);
    // After one more has joined. Throws QuotaExceeded.
    Task<void> require_members(sql::Tx& tx, const Scope& scope);
    // After one more was made. Throws QuotaExceeded.
    Task<void> require_share_links(sql::Tx& tx, const Scope& scope);
    // After the scope's user enqueued so many more: asked of the tenant, and of the user's share.
    // Throws QuotaExceeded.
    Task<void> require_queued_jobs(sql::Tx& tx, const Scope& scope, std::int64_t made);
    // With own_queued_jobs only where the scope's user is capped.
    Task<std::vector<QuotaState>> list(sql::Tx& tx, const Scope& scope);
    // What is in force for a tenant.
    Task<Limits> limits_of(TenantId tenant);
    // By its name; nothing for a tenant that none was given to.
    Task<std::optional<std::string>> find_plan(TenantId tenant);

    // For operators, in transactions of the engine.
    Task<std::vector<TenantLimits>> list_limits(sql::Tx& engine);
    // The same, or of the tenant. All nodes know within a second. Throws Error(invalid) for a plan
    // that there is not.
    void set_limits(sql::Tx& tx, const TenantLimits& limits);
    Task<std::optional<TenantLimits>> find_limits(sql::Tx& tx, TenantId tenant);
    // Who is told how many jobs at once are in force, in the transaction that sets it.
    void limit_queues_with(LimitQueues limit) { limit_queues_ = std::move(limit); }
    // Reads them anew.
    Task<void> look() { return limited_.look(); }

private:
    Limits in_force(const TenantLimits& limits) const;
    Timestamp next_day() const;

    Rows limited_;
    std::map<std::string, Limits> plans_;
    const Clock& clock_;
    LimitQueues limit_queues_;
};

}  // namespace afterresume::tenants
