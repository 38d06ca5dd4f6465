#include "infra/observability/log.h"

#include "core/clock.h"
#include "core/describe/writer.h"

#include <fmt/compile.h>

namespace afterresume::observability {

namespace {

void append_on_one_line(std::string& out, std::string_view message) {
    for (char c : message) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
            out += c;
        } else {
            fmt::format_to(
                std::back_inserter(out), "\\x{:02x}",
                static_cast<unsigned>(static_cast<unsigned char>(c))
            );
        }
    }
}

std::string text_line(
    Timestamp now, Level level, std::string_view module, const Uuid* correlation,
    std::string_view message
) {
    std::string out;
    out.reserve(96 + message.size());
    fmt::format_to(
        std::back_inserter(out), FMT_COMPILE("{} {:7} {:10} {} "), to_text(now),
        describe::name_of(level), module,
        correlation != nullptr ? correlation->text() : std::string("-")
    );
    append_on_one_line(out, message);
    return out;
}

std::string json_line(
    Timestamp now, Level level, std::string_view module, const Uuid* correlation,
    std::string_view message
) {
    std::string out = R"({"timestamp":")" + to_text(now) + R"(","level":)";
    describe::write_string(out, describe::name_of(level));
    out += R"(,"module":)";
    describe::write_string(out, module);
    if (correlation != nullptr) out += R"(,"correlation_id":")" + correlation->text() + '"';
    out += R"(,"message":)";
    describe::write_string(out, message);
    out += '}';
    return out;
}

}  // namespace

Log::Log(Level least, LogFormat format, std::FILE* out)
    : least_(least), format_(format), writer_(out) {}

void Log::write(
    Level level, std::string_view module, const Uuid* correlation, std::string_view message
) {
    if (!wants(level)) return;
    auto now = SystemClock().now();
    auto urgent = level >= Level::error;
    if (format_ == LogFormat::json) {
        writer_.add(json_line(now, level, module, correlation, message), urgent);
    } else {
        writer_.add(text_line(now, level, module, correlation, message), urgent);
    }
}

}  // namespace afterresume::observability
