// What the notes of all fields of a profile share: limits wide enough for any honest résumé, the
// same for files and for single fields.
#pragma once

#include "core/describe/notes.h"

namespace afterresume::profile {

using describe::note;

inline constexpr describe::length one_line{0, 500};
inline constexpr describe::length one_address{0, 2'000};
inline constexpr describe::length long_text{0, 20'000};
inline constexpr describe::count short_list{0, 200};
inline constexpr describe::each each_entry{describe::length{0, 5'000}};
// Of one section.
inline constexpr std::size_t most_items = 500;

inline constexpr std::string_view extra_note =
    "Fields that JSON Resume does not know, kept as they came";

}  // namespace afterresume::profile
