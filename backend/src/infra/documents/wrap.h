// Lines of plain text as a terminal or a mail shows them: in columns, of which wide characters take
// two and combining marks none. A Wrapper belongs to one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <unicode/brkiter.h>

namespace afterresume::documents {

// Columns by East Asian Width (UAX #11).
std::size_t columns(std::string_view text);

class Wrapper {
public:
    explicit Wrapper(const std::string& language);

    // The lines of a text, of at most `width` columns unless a word is wider. Breaks at white
    // space, beside wide characters and between the words of scripts without spaces (UAX #14).
    std::vector<std::string> wrap(std::string_view text, std::size_t width) const;

private:
    std::vector<std::string> pieces(std::string_view line) const;

    std::unique_ptr<icu::BreakIterator> breaks_;
};

}  // namespace afterresume::documents
