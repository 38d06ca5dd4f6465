// Text on its way into HTML.
#pragma once

#include <string>
#include <string_view>

namespace afterresume {

// For the inside of elements and of quoted attributes (HTML Living Standard, "Writing HTML
// documents").
std::string escape_html(std::string_view text);

}  // namespace afterresume
