#include "infra/documents/style.h"

namespace afterresume::documents {

namespace {

constexpr std::string_view serif = "Noto Serif, Noto Naskh Arabic, Noto Serif CJK SC, serif";
constexpr std::string_view display_serif =
    "Noto Serif Display, Noto Serif, Noto Naskh Arabic, Noto Serif CJK SC, serif";
constexpr std::string_view sans =
    "Inter, Lato, Noto Sans, Noto Sans Arabic, Noto Sans CJK SC, sans-serif";
constexpr std::string_view display_sans =
    "Inter Display, Inter, Lato, Noto Sans, Noto Sans Arabic, Noto Sans CJK SC, sans-serif";

Style classic(Colour accent) {
    constexpr Colour ink{0x1c, 0x1b, 0x1a};
    constexpr Colour soft{0x55, 0x52, 0x4f};
    Style style;
    style.title = {display_serif, 27, 400, Slant::upright, ink, 1.25};
    style.subtitle = {serif, 10.8, 400, Slant::italic, soft, 1.45};
    style.contact = {serif, 8.8, 400, Slant::upright, soft, 1.5};
    style.heading = {serif, 12.6, 400, Slant::upright, accent, 1.35, Caps::small, 0.5};
    style.entry_title = {serif, 9.8, 700, Slant::upright, ink, 1.42};
    style.dates = {serif, 9.2, 400, Slant::upright, soft, 1.42};
    style.organisation = {serif, 9.6, 400, Slant::italic, ink, 1.42};
    style.detail = {serif, 9.2, 400, Slant::italic, soft, 1.42};
    style.body = {serif, 9.4, 400, Slant::upright, ink, 1.45};
    style.tags = {serif, 8.8, 400, Slant::italic, soft, 1.45};
    style.note = {serif, 8, 400, Slant::upright, soft, 1.45};
    style.header = HeaderAlignment::centre;
    style.bullet = "•";
    style.rule = {0x9c, 0x98, 0x93};
    style.link = accent;
    style.side_margin = 62;
    return style;
}

Style modern(Colour accent) {
    constexpr Colour ink{0x1b, 0x1f, 0x27};
    constexpr Colour soft{0x5a, 0x63, 0x70};
    Style style;
    style.title = {display_sans, 27, 600, Slant::upright, ink, 1.2, Caps::as_written, -0.3};
    style.subtitle = {sans, 11.4, 500, Slant::upright, accent, 1.5};
    style.contact = {sans, 8.6, 400, Slant::upright, soft, 1.6};
    style.heading = {sans, 10.6, 600, Slant::upright, accent, 1.4, Caps::as_written, 0.1};
    style.entry_title = {sans, 9.6, 600, Slant::upright, ink, 1.45};
    style.dates = {sans, 8.6, 400, Slant::upright, soft, 1.6};
    style.organisation = {sans, 9.2, 500, Slant::upright, soft, 1.45};
    style.detail = {sans, 8.6, 400, Slant::upright, soft, 1.55};
    style.body = {sans, 9.1, 400, Slant::upright, ink, 1.52};
    style.tags = {sans, 8.4, 400, Slant::upright, soft, 1.5};
    style.note = {sans, 7.8, 400, Slant::upright, soft, 1.5};
    style.strong_weight = 600;
    style.header = HeaderAlignment::start;
    style.bullet = "•";
    style.rule = {0xd8, 0xdd, 0xe4};
    style.link = accent;
    return style;
}

}  // namespace

Style style_of(const Options& options) {
    if (options.theme == Theme::modern)
        return modern(options.accent.value_or(Colour{0x0b, 0x5c, 0xad}));
    return classic(options.accent.value_or(Colour{0x24, 0x3b, 0x53}));
}

}  // namespace afterresume::documents
