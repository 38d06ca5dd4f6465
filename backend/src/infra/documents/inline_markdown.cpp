#include "infra/documents/inline_markdown.h"

#include "core/error.h"
#include "core/text.h"
#include "infra/documents/clean.h"

#include <cmark-gfm.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace afterresume::documents {

namespace {

struct Free {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
    void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};

// Walks the tree that cmark made and collects spans.
class Flattener {
public:
    Text flatten(cmark_node* root) {
        std::unique_ptr<cmark_iter, Free> iterator(cmark_iter_new(root));
        for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
             event = cmark_iter_next(iterator.get())) {
            visit(cmark_iter_get_node(iterator.get()), event == CMARK_EVENT_ENTER ? 1 : -1);
        }
        return cleaned(text_);
    }

private:
    void visit(cmark_node* node, int step) {
        auto type = cmark_node_get_type(node);
        if (type == CMARK_NODE_EMPH) emphasised_ += step;
        if (type == CMARK_NODE_STRONG) strong_ += step;
        if (type == CMARK_NODE_LINK) url_ = step > 0 ? literal(cmark_node_get_url(node)) : "";
        if (step < 0) return;
        if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING ||
            type == CMARK_NODE_LINEBREAK) {
            add("\n", look());
        } else if (type == CMARK_NODE_SOFTBREAK) {
            add(" ", look());
        } else if (type == CMARK_NODE_CODE) {
            add(literal(cmark_node_get_literal(node)), Emphasis::code);
        } else if (type == CMARK_NODE_CODE_BLOCK) {
            add("\n", Emphasis::none);
            add(literal(cmark_node_get_literal(node)), Emphasis::code);
        } else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_HTML_INLINE) {
            add(literal(cmark_node_get_literal(node)), look());
        } else if (type == CMARK_NODE_HTML_BLOCK) {
            add("\n" + literal(cmark_node_get_literal(node)), look());
        }
    }

    static std::string literal(const char* text) { return text == nullptr ? "" : text; }

    Emphasis look() const {
        if (strong_ > 0) return Emphasis::strong;
        return emphasised_ > 0 ? Emphasis::emphasised : Emphasis::none;
    }

    void add(const std::string& text, Emphasis emphasis) {
        auto& spans = text_.spans;
        if (!spans.empty() && spans.back().emphasis == emphasis && spans.back().url == url_) {
            spans.back().text += text;
        } else {
            spans.push_back({text, emphasis, url_});
        }
    }

    Text text_;
    std::string url_;
    int emphasised_ = 0;
    int strong_ = 0;
};

bool is_blank(char c) { return c == ' ' || c == '\n' || c == 0; }

bool is_punctuation(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

bool is_word(char c) { return !is_blank(c) && !is_punctuation(c); }

// Whether the character at `at` would start a heading, list or underline where a line begins.
bool opens_block(std::string_view text, std::size_t at, std::size_t line) {
    auto c = text[at];
    if (at == line) return c == '#' || c == '+' || c == '-' || c == '=' || c == '>';
    auto before = text.substr(line, at - line);
    return (c == '.' || c == ')') && before.size() <= 9 &&
           std::all_of(before.begin(), before.end(), is_ascii_digit);
}

bool is_special(std::string_view text, std::size_t at) {
    auto c = text[at];
    auto next = at + 1 < text.size() ? text[at + 1] : char{0};
    if (c == '_') return at == 0 || !is_word(text[at - 1]) || !is_word(next);
    if (c == '!') return next == '[' || next == 0;
    if (c == '&') return next == '#' || is_word(next);
    return c == '\\' || c == '`' || c == '*' || c == '[' || c == ']' || c == '<' || c == '~' ||
           c == '|';
}

// `starts_line` tells whether the text begins at the start of a line.
std::string escaped(std::string_view text, bool starts_line) {
    std::string out;
    auto line = starts_line ? std::size_t{0} : std::string_view::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            out += "\\\n";
            line = i + 1;
            continue;
        }
        if (is_special(text, i) || (line != std::string_view::npos && opens_block(text, i, line)))
            out += '\\';
        out += text[i];
    }
    return out;
}

std::string code(std::string_view text) {
    std::size_t longest = 0;
    std::size_t ticks = 0;
    for (char c : text) {
        ticks = c == '`' ? ticks + 1 : 0;
        longest = std::max(longest, ticks);
    }
    std::string fence(longest + 1, '`');
    bool padded =
        text.front() == '`' || text.back() == '`' || (text.front() == ' ' && text.back() == ' ');
    auto body = fmt::format("{0}{1}{2}{1}{0}", fence, padded ? " " : "", text);
    std::replace(body.begin(), body.end(), '\n', ' ');
    return body;
}

// Delimiters must flank their text as CommonMark 6.2 has it: tight on the inside, and where
// the inside is punctuation, not against a word on the outside.
bool can_delimit(std::string_view mark, char before, std::string_view inside, char after) {
    if (is_blank(inside.front()) || is_blank(inside.back()) || before == mark.front()) return false;
    bool outside_words = is_word(before) || is_word(after);
    if (mark.front() == '_') return !outside_words;
    if (after == '*') return false;
    return !(is_punctuation(inside.front()) && is_word(before)) &&
           !(is_punctuation(inside.back()) && is_word(after));
}

std::string emphasised(Emphasis emphasis, char before, const std::string& inside, char after) {
    for (char c : {'*', '_'}) {
        std::string mark(emphasis == Emphasis::strong ? 2 : 1, c);
        if (can_delimit(mark, before, inside, after)) return mark + inside + mark;
    }
    return inside;
}

std::string marked(const Span& span, std::string_view written, char next) {
    auto before = written.empty() ? char{0} : written.back();
    if (span.emphasis == Emphasis::code) return code(span.text);
    auto inside = escaped(span.text, written.empty() || before == '\n');
    if (span.emphasis == Emphasis::none) return inside;
    auto first = inside.find_first_not_of(' ');
    if (first == std::string::npos) return inside;
    auto last = inside.find_last_not_of(' ');
    if (first > 0) before = ' ';
    if (last + 1 < inside.size()) next = ' ';
    return inside.substr(0, first) +
           emphasised(span.emphasis, before, inside.substr(first, last - first + 1), next) +
           inside.substr(last + 1);
}

}  // namespace

Text text_from_markdown(std::string_view markdown) {
    if (!is_utf8(markdown)) {
        throw Error(ErrorKind::invalid, "documents.invalid_text", "The text is not UTF-8.");
    }
    std::unique_ptr<cmark_node, Free> root(
        cmark_parse_document(markdown.data(), markdown.size(), CMARK_OPT_DEFAULT)
    );
    return Flattener().flatten(root.get());
}

std::string text_to_markdown(const Text& text) {
    auto spans = cleaned(text).spans;
    std::string out;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const auto& span = spans[i];
        auto next = i + 1 < spans.size()
                        ? (spans[i + 1].url.empty() ? spans[i + 1].text.front() : '[')
                        : char{0};
        if (span.url.empty()) {
            out += marked(span, out, next);
        } else {
            out += fmt::format("[{}]({})", marked(span, "[", ']'), span.url);
        }
    }
    return out;
}

}  // namespace afterresume::documents
