// What operators see and switch. Read as a part of Settings.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

namespace afterresume::config {

struct OperationSettings {
    bool system_dashboard_enabled = true;
    bool maintenance_mode = false;
    bool disable_sharing = false;
    LogLevel log_level = LogLevel::info;
    LogFormat log_format = LogFormat::text;
};
BOOST_DESCRIBE_STRUCT(
    OperationSettings, (),
    (system_dashboard_enabled, maintenance_mode, disable_sharing, log_level, log_format)
)

constexpr auto notes(OperationSettings*) {
    using namespace describe;
    using S = OperationSettings;
    return std::tuple{
        note(
            &S::system_dashboard_enabled,
            "Whether operators see the installation under /system; without it there is nothing "
            "there"
        ),
        note(
            &S::maintenance_mode,
            "Whether nobody is let in but operators, and no job begins; true wins over what is "
            "switched at run time"
        ),
        note(
            &S::disable_sharing,
            "Whether no share link is made and none leads anywhere; true wins over what is "
            "switched at run time"
        ),
        note(&S::log_level, "Least level that is logged"),
        note(&S::log_format, "text or json"),
    };
}

}  // namespace afterresume::config
