#include "infra/sql/sql_tokens.h"

namespace afterresume::sql {

namespace {

bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) { return starts_word(c) || (c >= '0' && c <= '9') || c == '$'; }

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return out;
}

std::size_t past(std::string_view text, std::string_view mark, std::size_t from) {
    auto end = text.find(mark, from);
    return end == std::string_view::npos ? text.size() : end + mark.size();
}

char closing(char quote) {
    if (quote == '[') return ']';
    return quote == '\'' || quote == '"' || quote == '`' ? quote : '\0';
}

}  // namespace

std::vector<SqlToken> sql_tokens(std::string_view text) {
    std::vector<SqlToken> out;
    int depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto c = text[at];
        auto begin = at;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
            ++at;
        } else if (text.substr(at, 2) == "--") {
            at = past(text, "\n", at);
        } else if (text.substr(at, 2) == "/*") {
            at = past(text, "*/", at + 2);
        } else if (auto close = closing(c)) {
            at = past(text, std::string_view(&close, 1), at + 1);
            out.push_back({begin, at, lower(text.substr(begin + 1, at - begin - 2)), depth});
        } else if (starts_word(c)) {
            while (at < text.size() && in_word(text[at])) ++at;
            out.push_back({begin, at, lower(text.substr(begin, at - begin)), depth});
        } else {
            if (c == ')') --depth;
            out.push_back({begin, ++at, std::string(1, c), depth});
            if (c == '(') ++depth;
        }
    }
    return out;
}

}  // namespace afterresume::sql
