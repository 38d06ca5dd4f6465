// What a piece of an export is bound to where it is sealed.
#pragma once

#include "features/exports/model.h"

#include <fmt/format.h>

#include <string>

namespace afterresume::exports {

inline std::string place_of(TenantId tenant, Id<Export> id, std::int64_t number) {
    return fmt::format("export {} {} {}", tenant.value, id.value, number);
}

}  // namespace afterresume::exports
