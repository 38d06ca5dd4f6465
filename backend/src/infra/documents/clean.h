// What all renderers agree on before they start: text without control characters, links that are
// safe to follow, nothing empty.
#pragma once

#include "infra/documents/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::documents {

// The document with white space settled, empty parts gone and every url either safe or empty.
// Throws Error(invalid, "documents.invalid_text") when some text is not UTF-8.
Document cleaned(const Document& document);

Text cleaned(const Text& text);

// The address as ASCII without quotes, brackets and backslashes (those percent-encoded), with
// https:// put before a bare host name; empty unless its scheme is http, https, mailto or tel.
std::string safe_url(std::string_view url);

// As people write an address: without scheme and closing slash.
std::string display_url(std::string_view url);

// Only a title and tags: shown on one line.
bool is_one_line(const Entry& entry);

std::string joined(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace afterresume::documents
