#include "infra/redis/resp.h"

#include "core/error.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace afterresume::redis {

namespace {

Error broken() {
    return Error(ErrorKind::upstream, "redis.protocol", "Redis answered what is no answer.");
}

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) throw broken();
    return value;
}

Value of_text(Value::Kind kind, std::string_view text) {
    Value value;
    value.kind = kind;
    value.text = text;
    return value;
}

Value of_integer(Value::Kind kind, std::int64_t integer) {
    Value value;
    value.kind = kind;
    value.integer = integer;
    return value;
}

}  // namespace

std::string encode(const Command& command) {
    auto out = fmt::format("*{}\r\n", command.size());
    for (const auto& word : command) {
        out += fmt::format("${}\r\n", word.size());
        out += word;
        out += "\r\n";
    }
    return out;
}

void Parser::feed(std::string_view bytes) {
    buffer_.erase(0, std::exchange(begin_, 0));
    buffer_.append(bytes);
}

std::optional<Value> Parser::next() {
    auto at = begin_;
    if (at == buffer_.size()) return std::nullopt;
    auto value = read(at, 0);
    if (value) begin_ = at;
    return value;
}

std::optional<std::string_view> Parser::line(std::size_t& at) const {
    auto end = buffer_.find("\r\n", at);
    if (end == std::string::npos) {
        if (buffer_.size() - at > largest_text) throw broken();
        return std::nullopt;
    }
    auto text = std::string_view(buffer_).substr(at, end - at);
    at = end + 2;
    return text;
}

std::optional<Value> Parser::read(std::size_t& at, int depth) const {
    if (depth > deepest) throw broken();
    auto head = line(at);
    if (!head) return std::nullopt;
    if (head->empty()) throw broken();
    auto rest = head->substr(1);
    switch (head->front()) {
        case '+':
        case ',':
        case '(':
            return of_text(head->front() == ',' ? Value::Kind::real : Value::Kind::text, rest);
        case '-':
            return of_text(Value::Kind::error, rest);
        case ':':
            return of_integer(Value::Kind::integer, number(rest));
        case '#':
            return of_integer(Value::Kind::boolean, rest == "t" ? 1 : 0);
        case '_':
            return Value{};
        case '$':
        case '!':
        case '=': {
            auto value = read_text(at, rest, head->front() == '=');
            if (value && head->front() == '!') value->kind = Value::Kind::error;
            return value;
        }
        case '*':
        case '~':
            return read_items(at, rest, 1, Value::Kind::list, depth);
        case '%':
            return read_items(at, rest, 2, Value::Kind::list, depth);
        case '>':
            return read_items(at, rest, 1, Value::Kind::push, depth);
        case '|': {
            // Attributes stand before the value that they are about.
            if (!read_items(at, rest, 2, Value::Kind::list, depth)) return std::nullopt;
            return read(at, depth + 1);
        }
        default:
            throw broken();
    }
}

std::optional<Value> Parser::read_text(std::size_t& at, std::string_view size, bool verbatim)
    const {
    auto length = number(size);
    if (length == -1) return Value{};
    if (length < 0 || static_cast<std::size_t>(length) > largest_text) throw broken();
    auto count = static_cast<std::size_t>(length);
    if (buffer_.size() < at + count + 2) return std::nullopt;
    auto text = std::string_view(buffer_).substr(at, count);
    if (buffer_.compare(at + count, 2, "\r\n") != 0) throw broken();
    at += count + 2;
    // "txt:" or another three letters say what the text is.
    if (verbatim && text.size() >= 4) text.remove_prefix(4);
    return of_text(Value::Kind::text, text);
}

std::optional<Value> Parser::read_items(
    std::size_t& at, std::string_view count, int factor, Value::Kind kind, int depth
) const {
    auto length = number(count);
    if (length == -1) return Value{};
    if (length < 0 || length > most_items) throw broken();
    Value value;
    value.kind = kind;
    for (std::int64_t i = 0; i < length * factor; ++i) {
        auto item = read(at, depth + 1);
        if (!item) return std::nullopt;
        value.items.push_back(std::move(*item));
    }
    return value;
}

}  // namespace afterresume::redis
