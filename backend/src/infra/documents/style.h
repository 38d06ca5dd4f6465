// The themes as data, shared by the PDF and the HTML renderer. Sizes and distances are in points.
#pragma once

#include "infra/documents/render.h"

#include <string_view>

namespace afterresume::documents {

enum class Slant : std::uint8_t { upright, italic };
enum class Caps : std::uint8_t { as_written, small };
enum class HeaderAlignment : std::uint8_t { start, centre };

// How one kind of text looks. `families` is a comma-separated list, best first.
struct Face {
    std::string_view families;
    double size = 10;
    int weight = 400;
    Slant slant = Slant::upright;
    Colour colour;
    // Line height as a multiple of the size.
    double leading = 1.4;
    Caps caps = Caps::as_written;
    // Additional space between letters, in points.
    double tracking = 0;
};

struct Style {
    Face title;
    Face subtitle;
    Face contact;
    Face heading;
    Face entry_title;
    Face dates;
    Face organisation;
    Face detail;
    Face body;
    Face tags;
    Face note;
    std::string_view code_families = "DejaVu Sans Mono, Noto Sans Mono, monospace";
    int strong_weight = 700;
    HeaderAlignment header = HeaderAlignment::start;
    std::string_view bullet;
    Colour rule;
    Colour link;
    double side_margin = 56;
    double top_margin = 52;
    double bottom_margin = 54;
    double heading_space = 15;
    double entry_space = 9;
    double paragraph_space = 4;
    double bullet_space = 2;
    double bullet_indent = 12;
};

// The theme with the accent colour of the options worked in.
Style style_of(const Options& options);

}  // namespace afterresume::documents
