// What reading and writing single parts of a profile has in common.
#pragma once

#include "core/describe/traits.h"

#include <boost/json/value.hpp>

#include <string_view>

namespace afterresume::profile {

// `data` with the fields that `change` names set to what it says.
Json changed(Json data, JsonObject change);

// The JSON of a described value. Throws Error(invalid, "request.invalid") when it holds what no
// database keeps.
Json storable(std::string_view json);

}  // namespace afterresume::profile
