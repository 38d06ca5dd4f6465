// Documents as bytes. Pure functions that any number of threads may call at once; they read fonts
// and nothing else, and never touch the network. Pango keeps one font cache per calling thread.
//
// Every function throws Error(invalid, "documents.invalid_text") for text that is not UTF-8.
#pragma once

#include "core/clock.h"
#include "infra/documents/document.h"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace afterresume::documents {

BOOST_DEFINE_FIXED_ENUM_CLASS(Theme, std::uint8_t, classic, modern)
BOOST_DEFINE_FIXED_ENUM_CLASS(Paper, std::uint8_t, a4, letter)

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    bool operator==(const Colour&) const = default;
};

struct Options {
    Theme theme = Theme::classic;
    Paper paper = Paper::a4;
    // The theme's own when absent.
    std::optional<Colour> accent;
    // Stands in the PDF's metadata; the same document and options give the same bytes.
    Timestamp created_at{};
};

// Tagged PDF 1.5 with bookmarks, links and embedded subset fonts. Throws Error(invalid,
// "documents.missing_glyph") naming the first code point that no installed font can show.
std::string to_pdf(const Document& document, const Options& options);
// One self-contained page: no script, no reference to anything outside but links to follow.
std::string to_html(const Document& document, const Options& options);
// The one style sheet in that page; for the policy of whoever serves it.
std::string page_style(const Options& options);
// CommonMark in which all of the document's own text is literal.
std::string to_markdown(const Document& document);
// At most 80 columns, wide characters counted as two; a word wider than a line stays whole.
std::string to_text(const Document& document);

}  // namespace afterresume::documents
