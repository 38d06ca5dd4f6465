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

struct SetLimits : tenants::Limits {
    TenantId tenant_id;
    std::optional<std::string> plan;
};
BOOST_DESCRIBE_STRUCT(SetLimits, (tenants::Limits), (tenant_id, plan))

constexpr auto notes(SetLimits*) {
    using namespace describe;
    return std::tuple{
        note(&SetLimits::tenant_id, "Whom it limits"),
        note(&SetLimits::plan, "free, pro or team; no plan when absent", length{1, 40}),
    };
}

struct LimitList {
    std::vector<tenants::TenantLimits> items;
};
BOOST_DESCRIBE_STRUCT(LimitList, (), (items))

}  // namespace afterresume::system
