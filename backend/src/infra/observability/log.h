// One line per thing worth knowing: time, level, module, correlation id, message; as text or JSON.
// Lines are formatted by the caller and written by a thread of their own. Owned by app/; everything
// that logs holds a reference.
#pragma once

#include "core/id.h"
#include "infra/observability/log_writer.h"

#include <fmt/format.h>
#include <boost/describe/enum.hpp>

#include <cstdio>
#include <string_view>

namespace afterresume::observability {

enum class Level : std::uint8_t { debug, info, warning, error };
BOOST_DESCRIBE_ENUM(Level, debug, info, warning, error)
enum class LogFormat : std::uint8_t { text, json };
BOOST_DESCRIBE_ENUM(LogFormat, text, json)

class Log {
public:
    Log(Level least, LogFormat format, std::FILE* out);

    bool wants(Level level) const { return level >= least_; }
    // Control characters in the message are escaped, so that a line stays one line.
    void write(
        Level level, std::string_view module, const Uuid* correlation, std::string_view message
    );

    template <class... Args>
    void info(std::string_view module, fmt::format_string<Args...> text, Args&&... args) {
        if (wants(Level::info))
            write(Level::info, module, nullptr, fmt::format(text, std::forward<Args>(args)...));
    }
    template <class... Args>
    void warning(std::string_view module, fmt::format_string<Args...> text, Args&&... args) {
        if (wants(Level::warning))
            write(Level::warning, module, nullptr, fmt::format(text, std::forward<Args>(args)...));
    }
    template <class... Args>
    void error(std::string_view module, fmt::format_string<Args...> text, Args&&... args) {
        if (wants(Level::error))
            write(Level::error, module, nullptr, fmt::format(text, std::forward<Args>(args)...));
    }

private:
    Level least_;
    LogFormat format_;
    LogWriter writer_;
};

}  // namespace afterresume::observability
