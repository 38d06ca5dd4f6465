// Text as the matcher compares it: case, width and compatibility forms folded, runs of separators
// one space. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace afterresume::skill_matching {

struct CodePoint {
    char32_t value;     // U+FFFD when the bytes are not UTF-8
    std::uint8_t size;  // bytes it takes, at least one
};

// Precondition: position < text.size().
CodePoint code_point_at(std::string_view text, std::size_t position);

// The code point that ends just before `position`. Precondition: 0 < position <= text.size().
CodePoint code_point_before(std::string_view text, std::size_t position);

// Letters and digits of alphabetic scripts. Scripts written without spaces (Han, kana, hangul) do
// not count, so that a Latin name may stand directly beside them.
bool is_word(char32_t code_point);

// Spaces, hyphens, dashes and underscores: what may separate the words of a name.
bool is_separator(char32_t code_point);

// The folded form of one code point outside ASCII; " " for a separator, "" for what folding drops.
std::string folded(char32_t code_point);

std::string fold(std::string_view text);

// fold() without any separator, dot or slash: two spellings of one name have the same key.
std::string name_key(std::string_view name);

}  // namespace afterresume::skill_matching
