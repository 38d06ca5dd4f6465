// Types that only settings have.
#pragma once

#include "core/describe/traits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace afterresume::config {

enum class Environment : std::uint8_t { development, production };
BOOST_DESCRIBE_ENUM(Environment, development, production)
enum class SignupMode : std::uint8_t { invite, open };
BOOST_DESCRIBE_ENUM(SignupMode, invite, open)
enum class LogLevel : std::uint8_t { debug, info, warning, error };
BOOST_DESCRIBE_ENUM(LogLevel, debug, info, warning, error)
enum class LogFormat : std::uint8_t { text, json };
BOOST_DESCRIBE_ENUM(LogFormat, text, json)

// "50/s:200": so many per unit on average, so many at once at most.
struct Rate {
    std::int64_t count = 0;
    std::int64_t seconds = 1;
    std::int64_t burst = 0;

    std::string text() const;
    static std::optional<Rate> parse(std::string_view text);
    bool operator==(const Rate&) const = default;
};

// Marks a setting whose value is never shown.
struct secret {};

}  // namespace afterresume::config
