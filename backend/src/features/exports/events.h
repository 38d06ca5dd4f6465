// What is asked of exports, for whoever follows.
#pragma once

#include "core/describe/traits.h"

#include <string_view>

namespace afterresume::exports {

struct ExportAsked {
    static constexpr std::string_view event_name = "exports.export_asked";
    bool operator==(const ExportAsked&) const = default;
};
BOOST_DESCRIBE_STRUCT(ExportAsked, (), ())

}  // namespace afterresume::exports
