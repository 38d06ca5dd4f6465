// What reading and writing single parts of a profile has in common.
#pragma once

#include "core/describe/traits.h"

namespace afterresume::profile {

// `data` with the fields that `change` names set to what it says.
Json changed(Json data, JsonObject change);

}  // namespace afterresume::profile
