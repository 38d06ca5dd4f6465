// Where a name may begin and end inside raw text. Pure functions over byte offsets.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace afterresume::skill_matching {

// Where the folded `length` bytes that end at `end` begin in the raw text.
std::size_t start_of(std::string_view text, std::size_t end, std::size_t length);

// Whether something may begin at `start`. "foo.py" is a file and no place where "py" begins.
bool begins_word(std::string_view text, std::size_t start);

// The end of the word whose name ends at `end`: past a plural's s and past glued digits
// ("python3"); nothing when other letters follow, or signs that make it another name ("C" in
// "C++").
std::optional<std::size_t> end_of_word(std::string_view text, std::size_t start, std::size_t end);

// Past a version that follows the name ("Python 3.12", "Java 8"), otherwise `end`. "Java 5 years"
// has none.
std::size_t past_version(std::string_view text, std::size_t end);

// Whether the word is one half of something hyphenated, a path, an address or a dotted name.
bool is_glued(std::string_view text, std::size_t start, std::size_t end);

// Whether the span is marked as code: "`jq`" or "$ jq ...".
bool is_code(std::string_view text, std::size_t start, std::size_t end);

// Whether the span names the language of a fenced block of Markdown.
bool is_fence_language(std::string_view text, std::size_t start, std::size_t end);

// The web addresses of a text, asked for from front to back. What an address is made of is no
// evidence.
class Addresses {
public:
    explicit Addresses(std::string_view text) : text_(text) { find_from(0); }

    // Precondition: `position` never goes back from one call to the next.
    bool cover(std::size_t position);

private:
    void find_from(std::size_t position);

    std::string_view text_;
    std::size_t start_ = 0;
    std::size_t end_ = 0;
};

bool begins_sentence(std::string_view text, std::size_t start);

}  // namespace afterresume::skill_matching
