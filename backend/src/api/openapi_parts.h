// What operations of the OpenAPI document have in common: parameters in headers, answers, headers.
#pragma once

#include "core/describe/traits.h"

#include <string_view>

namespace afterresume::api {

JsonObject csrf_parameter();
JsonObject key_parameter();
JsonObject match_parameter();
JsonObject none_match_parameter();

// A "$ref" into the components of that kind.
JsonObject reference(std::string_view kind, std::string_view name);
JsonObject problem_response(std::string_view sentence);

// The components.
JsonObject problem_schema();
JsonObject shared_headers();
JsonObject shared_responses();

}  // namespace afterresume::api
