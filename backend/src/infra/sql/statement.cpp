#include "infra/sql/statement.h"

#include <algorithm>

namespace afterresume::sql {

namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

// The end of a quoted text or comment that begins at `at`; `at` when none does.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
    auto past = [&](std::string_view mark, std::size_t from) {
        auto end = text.find(mark, from);
        return end == std::string_view::npos ? text.size() : end + mark.size();
    };
    if (text[at] == '\'' || text[at] == '"') return past(text.substr(at, 1), at + 1);
    if (text.substr(at, 2) == "--") return past("\n", at + 2);
    if (text.substr(at, 2) == "/*") return past("*/", at + 2);
    return at;
}

}  // namespace

Positional to_positional(std::string_view text, Dialect dialect) {
    Positional out;
    for (std::size_t at = 0; at < text.size();) {
        if (auto end = skip_quoted(text, at); end != at) {
            out.text += text.substr(at, end - at);
            at = end;
            continue;
        }
        if (text.substr(at, 2) == "::") {
            out.text += "::";
            at += 2;
            continue;
        }
        if (text[at] != ':' || at + 1 == text.size() || !starts_name(text[at + 1])) {
            out.text += text[at++];
            continue;
        }
        auto end = at + 1;
        while (end < text.size() && in_name(text[end])) ++end;
        std::string name(text.substr(at + 1, end - at - 1));
        auto found = std::find(out.names.begin(), out.names.end(), name);
        auto number = found - out.names.begin() + 1;
        if (found == out.names.end()) out.names.push_back(std::move(name));
        out.text += dialect == Dialect::postgres ? '$' : '?';
        out.text += std::to_string(number);
        at = end;
    }
    return out;
}

}  // namespace afterresume::sql
