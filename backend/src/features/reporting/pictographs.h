// Takes pictures out of text: emoji are no writing, and fonts for print have none. Pure.
#pragma once

#include "infra/documents/document.h"

#include <string>
#include <string_view>

namespace afterresume::reporting {

// Without emoji and what joins and colours them (UTS #51), private use characters, and the blanks
// they leave. Signs that print has always had, such as © ® ™ and arrows, stay. `text` is UTF-8.
std::string without_pictographs(std::string_view text);
documents::Document without_pictographs(documents::Document document);

}  // namespace afterresume::reporting
