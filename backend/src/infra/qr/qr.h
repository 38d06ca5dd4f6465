// QR codes (ISO/IEC 18004) as SVG, for pages that show them. Pure.
#pragma once

#include <string>

namespace afterresume::qr {

// Error correction level M, with the quiet zone; one unit a module. Throws std::length_error for
// more text than a code holds.
std::string svg_of(const std::string& text);

}  // namespace afterresume::qr
