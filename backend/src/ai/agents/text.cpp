#include "ai/agents/text.h"

#include "core/text.h"

#include <libstemmer.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

namespace afterresume::agents {

namespace {

struct StemmerCloser {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

// Each sorted, for binary search.
constexpr std::array determiners =
    std::to_array<std::string_view>({"a",     "all",   "an",      "another", "any",  "both",
                                     "each",  "every", "more",    "most",    "my",   "new",
                                     "no",    "our",   "several", "some",    "that", "the",
                                     "their", "these", "this",    "those",   "two",  "your"});
constexpr std::array prepositions = std::to_array<std::string_view>(
    {"about", "across", "after", "against", "around", "as",      "at",   "before",  "between",
     "by",    "during", "for",   "from",    "in",     "inside",  "into", "of",      "off",
     "on",    "onto",   "out",   "over",    "per",    "through", "to",   "towards", "under",
     "until", "up",     "upon",  "via",     "when",   "while",   "with", "within",  "without"}
);
constexpr std::array function_words = std::to_array<std::string_view>(
    {"about",     "above",   "across",  "after",    "again",   "against",
     "all",       "almost",  "already", "also",     "always",  "am",
     "among",     "an",      "and",     "another",  "any",     "approximately",
     "are",       "around",  "as",      "at",       "away",    "back",
     "be",        "because", "been",    "before",   "being",   "besides",
     "between",   "both",    "but",     "by",       "can",     "could",
     "currently", "did",     "do",      "does",     "done",    "down",
     "during",    "each",    "else",    "even",     "every",   "few",
     "for",       "from",    "had",     "has",      "have",    "he",
     "her",       "here",    "his",     "how",      "if",      "in",
     "instead",   "into",    "is",      "it",       "its",     "just",
     "may",       "me",      "might",   "more",     "most",    "mostly",
     "much",      "must",    "my",      "nearly",   "no",      "nor",
     "not",       "now",     "of",      "off",      "on",      "only",
     "onto",      "or",      "other",   "our",      "out",     "over",
     "own",       "per",     "rather",  "recently", "roughly", "same",
     "shall",     "she",     "should",  "since",    "so",      "some",
     "still",     "such",    "sure",    "than",     "that",    "the",
     "their",     "them",    "then",    "there",    "these",   "they",
     "this",      "those",   "through", "thus",     "to",      "together",
     "too",       "under",   "until",   "up",       "upon",    "us",
     "very",      "via",     "was",     "we",       "well",    "were",
     "what",      "when",    "where",   "which",    "while",   "who",
     "whose",     "why",     "will",    "with",     "within",  "without",
     "would",     "yet",     "you",     "your"}
);

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& sorted, std::string_view word) {
    static_assert(N > 0);
    return std::binary_search(sorted.begin(), sorted.end(), word);
}

static_assert(std::is_sorted(determiners.begin(), determiners.end()));
static_assert(std::is_sorted(prepositions.begin(), prepositions.end()));
static_assert(std::is_sorted(function_words.begin(), function_words.end()));

bool is_ascii_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_ascii_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_abbreviation(std::string_view before_stop) {
    static constexpr auto known = std::to_array<std::string_view>(
        {"e.g", "i.e", "vs",  "etc", "approx", "ca", "Dr", "Mr",   "Mrs",  "Ms",   "No",
         "Nr",  "z.B", "d.h", "bzw", "inkl",   "St", "cf", "incl", "resp", "Misc", "misc"}
    );
    auto from = before_stop.find_last_of(" \n(");
    auto word = from == std::string_view::npos ? before_stop : before_stop.substr(from + 1);
    return std::find(known.begin(), known.end(), word) != known.end() ||
           (word.size() == 1 && is_ascii_upper(word[0]));
}

bool ends_sentence(std::string_view text, std::size_t at) {
    if (text[at] != '.' && text[at] != '!' && text[at] != '?') return false;
    if (at + 1 == text.size()) return true;
    auto after = text.find_first_not_of("\"')]", at + 1);
    if (after == std::string_view::npos) return true;
    if (text[after] != ' ') return false;
    if (text[at] == '.' && is_abbreviation(text.substr(0, at))) return false;
    auto next = text.find_first_not_of(' ', after);
    return next == std::string_view::npos || !is_ascii_lower(text[next]);
}

void add_trimmed(
    std::string_view text, std::size_t start, std::size_t end, std::vector<Span>& out
) {
    while (start < end && (text[start] == ' ' || text[start] == '\t')) ++start;
    while (end > start && (text[end - 1] == ' ' || text[end - 1] == '\t' || text[end - 1] == '\r'))
        --end;
    if (end > start) out.push_back({start, end});
}

}  // namespace

std::vector<Span> sentences(std::string_view text) {
    std::vector<Span> out;
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n') {
            add_trimmed(text, start, at, out);
            start = at + 1;
        } else if (ends_sentence(text, at)) {
            while (at + 1 < text.size() &&
                   std::string_view("\"')]").find(text[at + 1]) != std::string_view::npos)
                ++at;
            add_trimmed(text, start, at + 1, out);
            start = at + 1;
        }
    }
    add_trimmed(text, start, text.size(), out);
    return out;
}

std::string fold(std::string_view word) {
    std::string out(word);
    for (auto& c : out) {
        if (static_cast<unsigned char>(c) >= 0x80) return fold_for_search(word);
        if (is_ascii_upper(c)) c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string stem(const std::string& folded) {
    thread_local std::unique_ptr<sb_stemmer, StemmerCloser> english(
        sb_stemmer_new("english", "UTF_8")
    );
    const auto* out = sb_stemmer_stem(
        english.get(), reinterpret_cast<const sb_symbol*>(folded.data()),
        static_cast<int>(folded.size())
    );
    return std::string(
        reinterpret_cast<const char*>(out),
        static_cast<std::size_t>(sb_stemmer_length(english.get()))
    );
}

bool is_upper_first(std::string_view word) {
    if (word.empty()) return false;
    if (static_cast<unsigned char>(word[0]) < 0x80) return is_ascii_upper(word[0]);
    auto first = first_code_points(word, 1);
    return to_nfc(std::string(first)) != fold(first) && fold(first) != first &&
           first[0] == '\xC3' && static_cast<unsigned char>(first[1]) < 0x9F;
}

bool is_all_upper(std::string_view word) {
    return std::any_of(word.begin(), word.end(), is_ascii_upper) &&
           std::none_of(word.begin(), word.end(), is_ascii_lower);
}

std::string upper_first(std::string text) {
    if (!text.empty() && is_ascii_lower(text[0])) text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string lower_first(std::string text) {
    auto end = text.find_first_of(" ,.:;)");
    auto word = std::string_view(text).substr(0, end);
    auto plain = !word.empty() && is_ascii_upper(word[0]) &&
                 std::all_of(word.begin() + 1, word.end(), is_ascii_lower);
    if (plain) text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool starts_with_word(std::string_view text, std::string_view folded_prefix) {
    auto head = fold(text.substr(0, folded_prefix.size()));
    if (head != folded_prefix) return false;
    if (text.size() == folded_prefix.size()) return true;
    auto next = text[folded_prefix.size()];
    return !is_ascii_lower(next) && !is_ascii_upper(next);
}

bool is_function_word(std::string_view folded) {
    return folded.size() <= 1 || contains(function_words, folded);
}
bool is_determiner(std::string_view folded) { return contains(determiners, folded); }
bool is_preposition(std::string_view folded) { return contains(prepositions, folded); }

std::vector<std::string> content_stems(std::string_view text) {
    std::vector<std::string> out;
    for (const auto& token : tokens(text)) {
        if (token.kind == TokenKind::symbol) continue;
        auto folded = fold(token.text);
        if (token.kind == TokenKind::word && is_function_word(folded)) continue;
        out.push_back(token.kind == TokenKind::word ? stem(folded) : std::move(folded));
    }
    return out;
}

Shingles shingles(std::string_view text) {
    auto stems = content_stems(text);
    Shingles out;
    out.reserve(stems.size() * 2);
    std::hash<std::string> hash;
    for (std::size_t i = 0; i < stems.size(); ++i) {
        out.push_back(hash(stems[i]));
        if (i > 0) out.push_back(hash(stems[i - 1] + ' ' + stems[i]));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

double likeness(const Shingles& left, const Shingles& right) {
    if (left.empty() || right.empty()) return left.empty() && right.empty() ? 1.0 : 0.0;
    std::size_t common = 0;
    for (auto a = left.begin(), b = right.begin(); a != left.end() && b != right.end();) {
        if (*a == *b) {
            ++common;
            ++a;
            ++b;
        } else {
            *a < *b ? ++a : ++b;
        }
    }
    return static_cast<double>(common) / static_cast<double>(left.size() + right.size() - common);
}

std::string join_with_and(const std::vector<std::string>& parts) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
        out += parts[i];
    }
    return out;
}

std::string shortened(std::string text, std::size_t limit) {
    if (code_points(text) <= limit) return text;
    auto head = first_code_points(text, limit - 1);
    auto clause = head.find_last_of(";,(");
    if (clause != std::string_view::npos && clause > head.size() / 2)
        return std::string(trim(head.substr(0, clause)));
    auto space = head.find_last_of(' ');
    if (space != std::string_view::npos) head = head.substr(0, space);
    return std::string(trim(head)) + "…";
}

}  // namespace afterresume::agents
