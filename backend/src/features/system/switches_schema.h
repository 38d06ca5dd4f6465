// What operators switch and limit while the program runs, over the wire.
#pragma once

#include "core/describe/notes.h"
#include "features/system/model.h"
#include "features/tenants/service.h"

namespace afterresume::system {

struct SwitchFlag {
    Flag flag = Flag::maintenance;
    bool on = false;
    std::optional<TenantId> tenant_id;
};
BOOST_DESCRIBE_STRUCT(SwitchFlag, (), (flag, on, tenant_id))

constexpr auto notes(SwitchFlag*) {
    using namespace describe;
    return std::tuple{
        note(&SwitchFlag::flag, "Which flag"),
        note(&SwitchFlag::on, "Whether it shall be on"),
        note(&SwitchFlag::tenant_id, "For this tenant alone; for all when absent"),
    };
}

struct FlagList {
    // Those that were ever switched.
    std::vector<SwitchedFlag> items;
    // On by the settings, which wins.
    std::vector<Flag> always_on;
};
BOOST_DESCRIBE_STRUCT(FlagList, (), (items, always_on))

struct SetLimits {
    TenantId tenant_id;
    std::optional<std::string> plan;
    std::optional<std::int64_t> entries_per_day;
    std::optional<std::int64_t> members;
    std::optional<std::int64_t> concurrent_jobs;
    std::optional<std::int64_t> share_links;
    std::optional<std::int64_t> queued_jobs;
    std::optional<std::int64_t> requests_per_second;
    std::optional<std::int64_t> requests_at_once;
};
BOOST_DESCRIBE_STRUCT(
    SetLimits, (),
    (tenant_id, plan, entries_per_day, members, concurrent_jobs, share_links, queued_jobs,
     requests_per_second, requests_at_once)
)

constexpr auto notes(SetLimits*) {
    using namespace describe;
    constexpr range any{0, 1'000'000'000};
    return std::tuple{
        note(&SetLimits::tenant_id, "Whom it limits"),
        note(&SetLimits::plan, "free, pro or team; no plan when absent", length{1, 40}),
        note(&SetLimits::entries_per_day, "In place of the plan's figure", any),
        note(&SetLimits::members, "In place of the plan's figure", any),
        note(&SetLimits::concurrent_jobs, "In each queue, in place of the plan's figure", any),
        note(&SetLimits::share_links, "In place of the plan's figure", any),
        note(&SetLimits::queued_jobs, "That have not begun, in place of the plan's figure", any),
        note(
            &SetLimits::requests_per_second, "On average, in place of the plan's figure",
            range{1, 1'000'000}
        ),
        note(&SetLimits::requests_at_once, "In place of the plan's figure", range{1, 1'000'000}),
    };
}

struct LimitList {
    std::vector<tenants::TenantLimits> items;
};
BOOST_DESCRIBE_STRUCT(LimitList, (), (items))

}  // namespace afterresume::system
