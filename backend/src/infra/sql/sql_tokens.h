// The tokens of an SQL text, as far as telling names, quoted texts and parentheses apart goes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace afterresume::sql {

// A word, a quoted name or text, or one other character.
struct SqlToken {
    std::size_t begin = 0;
    std::size_t end = 0;
    // Words and quoted ones in lower case without their quotes; SQLite takes 'text' as a name where
    // one is due.
    std::string name;
    // Of parentheses around it.
    int depth = 0;
};

// Without blanks and comments.
std::vector<SqlToken> sql_tokens(std::string_view text);

}  // namespace afterresume::sql
