// Numbers in a text with what they count. Versions, dates, ids, hashes, ports and code are no
// quantities.
#pragma once

#include "ai/agents/text.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::agents {

enum class Dimension : std::uint8_t { count, share, factor, time, size, money, rate };

struct Quantity {
    double value = 0;  // as written, with k, M, million applied
    std::string unit;  // canonical: ms, s, min, h, d, %, x, MB, EUR, EUR/month, or the counted
                       // noun, or empty
    Dimension dimension = Dimension::count;
    double scale = 1;       // value * scale is comparable within a dimension (seconds, bytes)
    char sign = ' ';        // '+' or '-' when written
    Span span{0, 0};        // with sign and unit
    std::size_t first = 0;  // index of its first token
    std::size_t last = 0;   // index of its last token

    double comparable() const { return value * scale; }
};

// The value of a written number, English or German separators; nullopt when it is none.
std::optional<double> parse_number(std::string_view text);
// "three" is 3, "dozen" 12; "one" is no number but a pronoun.
std::optional<double> number_word(std::string_view folded);

std::vector<Quantity> quantities(const std::vector<Token>& tokens);

}  // namespace afterresume::agents
