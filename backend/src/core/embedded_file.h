// A file that the build put into the program; lives as long as the program. Made by embed() in
// cmake/embed.cmake.
#pragma once

#include <string_view>

namespace afterresume {

struct EmbeddedFile {
    // Without its folder, as in "0001_foundation.sql".
    std::string_view name;
    std::string_view text;
};

}  // namespace afterresume
