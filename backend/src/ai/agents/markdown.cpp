#include "ai/agents/markdown.h"

#include "core/text.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

bool is_word_byte(char c) {
    return is_ascii_digit(c) || is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t leading_spaces(std::string_view line) {
    auto at = line.find_first_not_of(" \t");
    return at == std::string_view::npos ? line.size() : at;
}

// Length of "- ", "* ", "12. ", "[x] " and the like at the start of a line.
std::size_t list_marker(std::string_view line) {
    std::size_t length = 0;
    if (line.size() > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ') {
        length = 2;
    } else if (line.starts_with("• ")) {
        length = 4;
    } else {
        std::size_t digits = 0;
        while (digits < line.size() && digits < 3 && is_ascii_digit(line[digits])) ++digits;
        if (digits > 0 && digits + 1 < line.size() &&
            (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ')
            length = digits + 2;
    }
    if (length > 0 && line.size() >= length + 4 && line[length] == '[' && line[length + 2] == ']')
        length += 4;
    return length;
}

std::size_t heading_marker(std::string_view line) {
    auto hashes = line.find_first_not_of('#');
    return hashes != std::string_view::npos && hashes > 0 && hashes <= 6 && line[hashes] == ' '
               ? hashes + 1
               : 0;
}

bool is_rule(std::string_view line) {
    return line.size() >= 3 && line.find_first_not_of("-=*_ ") == std::string_view::npos;
}

// Lines that machines add below a message: "Closes #12", "Signed-off-by: …".
bool is_trailer(std::string_view line) {
    static constexpr auto keys = std::to_array<std::string_view>(
        {"signed-off-by:", "co-authored-by:", "reviewed-by:", "change-id:", "see-also:", "cc:",
         "acked-by:", "tested-by:", "reviewed-on:", "pr close"}
    );
    auto folded = fold(line.substr(0, 24));
    if (std::any_of(keys.begin(), keys.end(), [&](auto key) { return folded.starts_with(key); }))
        return true;
    static constexpr auto verbs = std::to_array<std::string_view>(
        {"close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved",
         "ref", "refs", "references", "see", "related", "part"}
    );
    auto verb = folded.substr(0, folded.find_first_of(" :"));
    if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) return false;
    auto rest = trim(line.substr(std::min(line.size(), verb.size())));
    while (!rest.empty() && (rest[0] == ':' || rest[0] == ' ' || fold(rest.substr(0, 2)) == "to" ||
                             fold(rest.substr(0, 2)) == "of")) {
        rest.remove_prefix(rest[0] == ':' || rest[0] == ' ' ? 1 : 2);
    }
    auto word = rest.substr(0, rest.find(' '));
    return word.size() > 1 &&
           (word[0] == '#' || word.find("://") != std::string_view::npos ||
            word.find('#') != std::string_view::npos) &&
           rest.size() < word.size() + 24;
}

class Reader {
public:
    explicit Reader(std::string_view source) : source_(source) {
        out_.text.reserve(source.size());
        out_.origins.reserve(source.size());
    }

    PlainText read() && {
        std::size_t at = 0;
        while (at < source_.size()) {
            auto end = std::min(source_.find('\n', at), source_.size());
            line(at, end);
            at = end + 1;
        }
        while (!out_.text.empty() && (out_.text.back() == '\n' || out_.text.back() == ' ')) drop();
        return std::move(out_);
    }

private:
    void drop() {
        out_.text.pop_back();
        out_.origins.pop_back();
    }

    void put(char c, std::size_t origin) {
        out_.text += c;
        out_.origins.push_back(static_cast<std::uint32_t>(origin));
    }

    void end_block(std::size_t origin) {
        while (!out_.text.empty() && out_.text.back() == ' ') drop();
        if (!out_.text.empty() && out_.text.back() != '\n') put('\n', origin);
    }

    void line(std::size_t start, std::size_t end) {
        auto raw = source_.substr(start, end - start);
        auto indent = leading_spaces(raw);
        auto body = trim(raw);
        if (body.starts_with("```") || body.starts_with("~~~")) {
            fenced_ = !fenced_;
            end_block(start);
            after_blank_ = true;
            return;
        }
        if (fenced_) return;
        bool indented_code = after_blank_ && !in_list_ && (indent >= 4 || raw.starts_with('\t'));
        if (body.empty() || is_rule(body) || body.starts_with('|') || body.starts_with("<!--") ||
            is_trailer(body) || indented_code) {
            end_block(start);
            after_blank_ = body.empty() || indented_code;
            return;
        }
        content(start + indent, start + indent + body.size(), indent);
        after_blank_ = false;
    }

    void content(std::size_t start, std::size_t end, std::size_t indent) {
        while (start < end && source_[start] == '>')
            start += start + 1 < end && source_[start + 1] == ' ' ? 2 : 1;
        auto body = source_.substr(start, end - start);
        auto heading = heading_marker(body);
        auto marker = list_marker(body);
        if (heading > 0 || marker > 0) end_block(start);
        if (marker > 0 || (indent == 0 && after_blank_)) in_list_ = marker > 0;
        if (starts_statement(body)) end_block(start);
        if (!out_.text.empty() && out_.text.back() != '\n') put(' ', start);
        inline_text(start + heading + marker, end);
        if (heading > 0) end_block(end);
        last_width_ = end - start;
    }

    // A short line followed by a capital is a statement of its own; a long one was wrapped by an
    // editor.
    bool starts_statement(std::string_view body) const {
        return last_width_ < wrap_width && !body.empty() &&
               (is_upper_first(body) || is_ascii_digit(body[0]) || body[0] == '[');
    }

    void inline_text(std::size_t at, std::size_t end) {
        while (at < end) {
            auto c = source_[at];
            if (c == '`') {
                at = code(at, end);
            } else if (c == '!' && at + 1 < end && source_[at + 1] == '[') {
                at = link(at + 1, end, false);
            } else if (c == '[') {
                at = link(at, end, true);
            } else if (c == '<') {
                at = tag(at, end);
            } else if (is_emphasis(at, end)) {
                ++at;
            } else {
                if (c == '\\' && at + 1 < end && !is_word_byte(source_[at + 1])) ++at;
                put(source_[at] == '\t' ? ' ' : source_[at], at);
                ++at;
            }
        }
    }

    // * and _ at the edge of a word, ~~ anywhere.
    bool is_emphasis(std::size_t at, std::size_t end) const {
        auto c = source_[at];
        if (c != '*' && c != '_' && c != '~') return false;
        bool before = at > 0 && is_word_byte(source_[at - 1]);
        bool after = at + 1 < end && (is_word_byte(source_[at + 1]));
        bool doubled = (at + 1 < end && source_[at + 1] == c) || (at > 0 && source_[at - 1] == c);
        if (c == '~') return doubled;
        return doubled || before != after;
    }

    std::size_t code(std::size_t at, std::size_t end) {
        auto open = at;
        while (at < end && source_[at] == '`') ++at;
        auto fence = source_.substr(open, at - open);
        auto close = source_.find(fence, at);
        if (close == std::string_view::npos || close >= end) return at;
        auto from = out_.text.size();
        for (auto i = at; i < close; ++i) put(source_[i], i);
        if (out_.text.size() > from) out_.code.push_back({from, out_.text.size()});
        return close + fence.size();
    }

    std::size_t link(std::size_t at, std::size_t end, bool keep_text) {
        auto close = source_.find(']', at);
        if (close == std::string_view::npos || close + 1 >= end || source_[close + 1] != '(') {
            if (keep_text) put('[', at);
            return at + 1;
        }
        auto target_end = source_.find(')', close);
        if (target_end == std::string_view::npos || target_end >= end) target_end = end - 1;
        if (keep_text) inline_text(at + 1, close);
        return target_end + 1;
    }

    std::size_t tag(std::size_t at, std::size_t end) {
        auto close = source_.find('>', at);
        bool looks = at + 1 < end && (is_word_byte(source_[at + 1]) || source_[at + 1] == '/') &&
                     !is_ascii_digit(source_[at + 1]);
        if (looks && close != std::string_view::npos && close < end) return close + 1;
        put('<', at);
        return at + 1;
    }

    std::string_view source_;
    PlainText out_;
    bool fenced_ = false;
    bool after_blank_ = true;
    bool in_list_ = false;
    std::size_t last_width_ = 0;

    static constexpr std::size_t wrap_width = 56;
};

}  // namespace

bool PlainText::in_code(std::size_t at) const {
    return std::any_of(code.begin(), code.end(), [&](const Span& span) {
        return span.start <= at && at < span.end;
    });
}

Span PlainText::in_source(Span span) const {
    if (span.end <= span.start || span.end > origins.size()) return {0, 0};
    return {origins[span.start], origins[span.end - 1] + std::size_t{1}};
}

PlainText plain_text(std::string_view source) { return Reader(source).read(); }

std::string first_line(std::string_view source) {
    auto text = plain_text(source).text;
    return text.substr(0, text.find('\n'));
}

}  // namespace afterresume::agents
