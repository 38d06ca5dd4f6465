// Unicode plumbing of free text: everything a person writes is valid UTF-8 without NUL, in
// Normalisation Form C.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace afterresume {

constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_utf8(std::string_view text);
// NFC (UAX #15); the text must be valid UTF-8.
std::string to_nfc(std::string text);
// Full case folding of NFKC text with diacritics taken off: what a search compares.
std::string fold_for_search(std::string_view text);
// Code points, which is what length limits count.
std::size_t code_points(std::string_view text);
// The longest prefix of at most `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count);
std::string_view trim(std::string_view text);
// The words of a text (UAX #29), folded as fold_for_search does and stemmed for English; what both
// databases index.
std::vector<std::string> search_words(std::string_view text);

}  // namespace afterresume
