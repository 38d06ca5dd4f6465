// Markdown as a person would read it aloud: no fences, markers, links or trailers. Offsets lead
// back to the source, so that what is found can be shown where it was written.
#pragma once

#include "ai/agents/text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::agents {

struct PlainText {
    std::string text;                    // one line per block; soft breaks are spaces
    std::vector<std::uint32_t> origins;  // origins[i]: byte of the source that text[i] came from
    std::vector<Span> code;              // inline code, without its backticks, in `text`

    bool in_code(std::size_t at) const;
    Span in_source(Span span) const;
};

// Drops fenced and indented code, images, tables, comments, rules, and commit trailers; keeps the
// text of links, headings, lists and quotes. `source` is at most 4 GiB.
PlainText plain_text(std::string_view source);

// The text of the first heading or line, without markers; empty when there is none.
std::string first_line(std::string_view source);

}  // namespace afterresume::agents
