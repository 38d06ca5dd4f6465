// Running text from and to Markdown: what people and models write in Markdown, as the spans that
// all renderers draw, and back. Pure functions.
#pragma once

#include "infra/documents/document.h"

#include <string>
#include <string_view>

namespace afterresume::documents {

// CommonMark, flattened: emphasis, code and links become spans, blocks become lines, an image its
// description; raw HTML stays as the text it is. Throws Error(invalid, "documents.invalid_text").
Text text_from_markdown(std::string_view markdown);

// CommonMark that text_from_markdown reads back as the same text. Emphasis that Markdown cannot
// express where it stands (as in the middle of a word next to punctuation) is left out.
std::string text_to_markdown(const Text& text);

}  // namespace afterresume::documents
