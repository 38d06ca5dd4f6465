// The text functions that the agents share: tokens, sentences, stems, likeness. Pure; every view
// points into the caller's text and lives as long as that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::agents {

// word: letters only. number: digits with separators. identifier: what only machines spell so
// (package.json, @angular/ssr, v1.2.3, k8s, getName, C++). reference: URL, e-mail, #123, date,
// time.
enum class TokenKind : std::uint8_t { word, number, identifier, reference, symbol };

struct Token {
    TokenKind kind;
    std::size_t start;
    std::size_t end;
    std::string_view text;
};

struct Span {
    std::size_t start;
    std::size_t end;

    bool operator==(const Span&) const = default;
};

std::vector<Token> tokens(std::string_view text);

// Sentences of a text whose lines are blocks: none crosses a line break. Trimmed, never empty.
std::vector<Span> sentences(std::string_view text);

// Lower case without diacritics, for comparing.
std::string fold(std::string_view word);

// Snowball's English stem of a folded word.
std::string stem(const std::string& folded);

bool is_upper_first(std::string_view word);
bool is_all_upper(std::string_view word);
std::string upper_first(std::string text);
std::string lower_first(std::string text);

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list);
bool starts_with_word(std::string_view text, std::string_view folded_prefix);
// Words that carry grammar and no claim.
bool is_function_word(std::string_view folded);
bool is_determiner(std::string_view folded);
bool is_preposition(std::string_view folded);

// Stems of the words that carry meaning; numbers and identifiers folded.
std::vector<std::string> content_stems(std::string_view text);

// Hashes of a text's stems and neighbouring pairs, sorted; what `likeness` compares.
using Shingles = std::vector<std::uint64_t>;
Shingles shingles(std::string_view text);
// Jaccard similarity, 0 to 1.
double likeness(const Shingles& left, const Shingles& right);

// "a", "a and b", "a, b and c".
std::string join_with_and(const std::vector<std::string>& parts);
// Cuts at a clause or word end and adds an ellipsis when longer than `limit` code points.
std::string shortened(std::string text, std::size_t limit);

}  // namespace afterresume::agents
