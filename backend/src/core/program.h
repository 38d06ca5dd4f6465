// What the program calls itself.
#pragma once

#include <string_view>

namespace afterresume {

inline constexpr std::string_view program_version = AFTERRESUME_VERSION;

}  // namespace afterresume
