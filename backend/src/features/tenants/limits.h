// What tenants may have: figures of plans, which are data, and of single tenants. Values and pure
// functions only.
#pragma once

#include "core/clock.h"
#include "core/describe/notes.h"
#include "core/describe/traits.h"
#include "core/error.h"
#include "core/id.h"

#include <map>
#include <optional>
#include <string>

namespace afterresume::tenants {

enum class Quota : std::uint8_t {
    entries_per_day,
    members,
    concurrent_jobs,
    share_links,
    queued_jobs,
    // Those of one member whose share of queued_jobs is capped.
    own_queued_jobs
};
BOOST_DESCRIBE_ENUM(
    Quota, entries_per_day, members, concurrent_jobs, share_links, queued_jobs, own_queued_jobs
)

// What is absent is not limited.
struct Limits {
    // Days begin at midnight UTC.
    std::optional<std::int64_t> entries_per_day;
    std::optional<std::int64_t> members;
    // That run in each queue of what people ask for; what a tenant uses is told of the fullest.
    std::optional<std::int64_t> concurrent_jobs;
    // That have not ended.
    std::optional<std::int64_t> share_links{};
    // That have not begun: ready, put off, or behind others.
    std::optional<std::int64_t> queued_jobs{};
    // In place of RATE_LIMIT_TENANT.
    std::optional<std::int64_t> requests_per_second{};
    std::optional<std::int64_t> requests_at_once{};

    bool operator==(const Limits&) const = default;
};
BOOST_DESCRIBE_STRUCT(
    Limits, (),
    (entries_per_day, members, concurrent_jobs, share_links, queued_jobs, requests_per_second,
     requests_at_once)
)

constexpr auto notes(Limits*) {
    using namespace describe;
    constexpr range any{0, 1'000'000'000};
    constexpr range some{1, 1'000'000};
    return std::tuple{
        note(&Limits::entries_per_day, "In place of the plan's figure", any),
        note(&Limits::members, "In place of the plan's figure", any),
        note(&Limits::concurrent_jobs, "In each queue, in place of the plan's figure", any),
        note(&Limits::share_links, "In place of the plan's figure", any),
        note(&Limits::queued_jobs, "That have not begun, in place of the plan's figure", any),
        note(&Limits::requests_per_second, "On average, in place of the plan's figure", some),
        note(&Limits::requests_at_once, "In place of the plan's figure", some),
    };
}

// By name, of data/plans.yaml. Throws std::logic_error for a text that is not of its form.
std::map<std::string, Limits> read_plans(std::string_view yaml);

// How one tenant is limited: by its plan, and by what differs from that.
struct TenantLimits {
    TenantId tenant_id;
    std::optional<std::string> plan;
    Limits own;
    UserId set_by;
    Timestamp set_at;
};
BOOST_DESCRIBE_STRUCT(TenantLimits, (), (tenant_id, plan, own, set_by, set_at))

// What is in force of a plan and of what differs from it.
Limits combined(const Limits& plan, const Limits& own);

// How much of a limit of the tenant's a member may have, rounded down, but one at least; nothing
// where nothing caps them.
std::optional<std::int64_t> share_of(std::optional<std::int64_t> limit, std::int64_t percent);

// Of one quota: how much there may be and is.
struct QuotaState {
    Quota quota = Quota::members;
    std::optional<std::int64_t> limit;
    std::int64_t used = 0;
    // When it begins anew, if it does.
    std::optional<Timestamp> resets_at;
};
BOOST_DESCRIBE_STRUCT(QuotaState, (), (quota, limit, used, resets_at))

// Error(quota_exceeded, "tenants.quota_exceeded") that says which.
class QuotaExceeded : public Error {
public:
    explicit QuotaExceeded(QuotaState state);

    const QuotaState& state() const { return state_; }

private:
    QuotaState state_;
};

}  // namespace afterresume::tenants
