// Text cut into sentences and tokens for the span tagger. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace afterresume::skill_matching {

struct Token {
    std::uint32_t start;  // byte offsets into the text
    std::uint32_t end;
};

using Sentence = std::vector<Token>;

// Splits at line ends and after sentence punctuation. Signs at the edge of a word are tokens of
// their own, those inside ("C#/.NET", "node.js") are not. No sentence is empty or longer than 120
// tokens.
std::vector<Sentence> sentences_of(std::string_view text);

}  // namespace afterresume::skill_matching
