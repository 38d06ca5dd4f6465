// The Redis protocol, versions 2 and 3: values in, commands out. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::redis {

struct Value {
    enum class Kind : std::uint8_t { null, text, error, integer, real, boolean, list, push };
    Kind kind = Kind::null;
    // Also of an error, and a number that no integer holds.
    std::string text;
    std::int64_t integer = 0;
    // Of a list or push; a map is a list of keys and values in turn, a set a list.
    std::vector<Value> items;

    bool is_error() const { return kind == Kind::error; }
};

using Command = std::vector<std::string>;
// As an array of bulk strings, which every version takes.
std::string encode(const Command& command);

// Cuts a stream of bytes into values.
class Parser {
public:
    // Larger ones are refused, so that no answer takes all memory.
    static constexpr std::size_t largest_text = 64 << 20;
    static constexpr std::int64_t most_items = 1 << 20;
    static constexpr int deepest = 32;

    void feed(std::string_view bytes);
    // nullopt until a value is whole. Throws Error(upstream, "redis.protocol") for what is none.
    std::optional<Value> next();

private:
    std::optional<Value> read(std::size_t& at, int depth) const;
    std::optional<std::string_view> line(std::size_t& at) const;
    std::optional<Value> read_text(std::size_t& at, std::string_view size, bool verbatim) const;
    std::optional<Value> read_items(
        std::size_t& at, std::string_view count, int factor, Value::Kind kind, int depth
    ) const;

    std::string buffer_;
    // Where the next value begins.
    std::size_t begin_ = 0;
};

}  // namespace afterresume::redis
