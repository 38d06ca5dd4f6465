#include "infra/observability/log.h"

#include "core/clock.h"
#include "core/describe/writer.h"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace afterresume::observability {

namespace {

constexpr std::size_t waiting_lines = 1024;

std::string one_line(std::string_view message) {
    std::string out;
    out.reserve(message.size());
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
    : least_(least),
      format_(format),
      writer_(std::make_shared<spdlog::details::thread_pool>(waiting_lines, 1)) {
    auto sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
    if (out == stderr) {
        auto errors = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        logger_ = std::make_shared<spdlog::async_logger>(
            "log", errors, writer_, spdlog::async_overflow_policy::overrun_oldest
        );
    } else {
        logger_ = std::make_shared<spdlog::async_logger>(
            "log", sink, writer_, spdlog::async_overflow_policy::overrun_oldest
        );
    }
    logger_->set_pattern("%v");
    logger_->set_level(spdlog::level::trace);
}

Log::~Log() { logger_->flush(); }

void Log::write(
    Level level, std::string_view module, const Uuid* correlation, std::string_view message
) {
    if (!wants(level)) return;
    auto now = SystemClock().now();
    if (format_ == LogFormat::json) {
        logger_->info(json_line(now, level, module, correlation, message));
    } else {
        logger_->info(
            "{} {:7} {:10} {} {}", to_text(now), describe::name_of(level), module,
            correlation != nullptr ? correlation->text() : "-", one_line(message)
        );
    }
}

}  // namespace afterresume::observability
