// Arrays as PostgreSQL reads them from text (PostgreSQL manual, "Arrays"), for statements that take
// columns of many rows: CAST(:ids AS uuid[]).
#pragma once

#include <string>
#include <string_view>

namespace afterresume::sql {

class ArrayText {
public:
    // Numbers, ids, names: nothing that needs quotes.
    void add_plain(std::string_view text) {
        separate();
        text_ += text;
    }
    void add_quoted(std::string_view text) {
        separate();
        text_ += '"';
        for (char one : text) {
            if (one == '"' || one == '\\') text_ += '\\';
            text_ += one;
        }
        text_ += '"';
    }
    void add_null() { add_plain("NULL"); }

    std::string text() const { return (text_.empty() ? "{" : text_) + "}"; }

private:
    void separate() { text_ += text_.empty() ? '{' : ','; }

    std::string text_;
};

}  // namespace afterresume::sql
