#include "infra/observability/log.h"

#include "infra/observability/metrics.h"

#include <gmock/gmock.h>

namespace afterresume::observability {
namespace {

using ::testing::HasSubstr;

std::string captured(Level least, LogFormat format, Level level, std::string_view message) {
    ::testing::internal::CaptureStdout();
    {
        Log log(least, format, stdout);
        auto id = *Uuid::parse("0189d2a4-0000-7000-8000-000000000001");
        log.write(level, "api", &id, message);
    }
    return ::testing::internal::GetCapturedStdout();
}

TEST(Log, WritesOneLineWithModuleAndCorrelation) {
    auto text = captured(Level::info, LogFormat::text, Level::warning, "slow\nfake line\x1b[31m");

    EXPECT_THAT(
        text,
        HasSubstr(
            "warning api        0189d2a4-0000-7000-8000-000000000001 slow\\x0afake line\\x1b[31m\n"
        )
    );
}

TEST(Log, WritesJsonThatAMachineReads) {
    auto text = captured(Level::info, LogFormat::json, Level::error, "a \"quoted\"\nline");

    EXPECT_THAT(
        text,
        HasSubstr(
            R"("level":"error","module":"api","correlation_id":"0189d2a4-0000-7000-8000-000000000001","message":"a \"quoted\"\nline"})"
        )
    );
}

TEST(Log, KeepsQuietBelowItsLevel) {
    EXPECT_EQ(captured(Level::warning, LogFormat::text, Level::info, "x"), "");
}

TEST(Metrics, ListsEachSeriesOnce) {
    Metrics metrics;

    add(metrics.counter("api_requests_total", "Requests", {{"method", "GET"}}));
    add(metrics.counter("api_requests_total", "Requests", {{"method", "GET"}}));

    EXPECT_THAT(metrics.text(), HasSubstr("api_requests_total{method=\"GET\"} 2\n"));
}

}  // namespace
}  // namespace afterresume::observability
