#include "infra/observability/log.h"

#include "infra/observability/metrics.h"

#include <gmock/gmock.h>

#include <unistd.h>

#include <array>
#include <memory>
#include <thread>

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

TEST(Log, WritesEveryLineOfManyThreads) {
    ::testing::internal::CaptureStdout();
    {
        Log log(Level::info, LogFormat::text, stdout);
        std::vector<std::thread> threads;
        for (int number = 0; number < 4; ++number)
            threads.emplace_back([&log] {
                for (int line = 0; line < 1000; ++line) log.info("test", "a line");
            });
        for (auto& thread : threads) thread.join();
    }
    auto text = ::testing::internal::GetCapturedStdout();

    EXPECT_EQ(std::ranges::count(text, '\n'), 4000);
}

// A pipe that nobody reads holds 64 KiB; then the writer's thread stands still.
TEST(Log, CountsTheLinesItHadNoRoomFor) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    auto* out = ::fdopen(ends[1], "w");
    auto log = std::make_unique<Log>(Level::info, LogFormat::text, out);
    for (int line = 0; line < 4; ++line) log->info("test", "{}", std::string(512 << 10, 'x'));
    std::string text;
    std::thread reader([&] {
        std::array<char, 65536> part{};
        for (ssize_t size = 0; (size = ::read(ends[0], part.data(), part.size())) > 0;)
            text.append(part.data(), static_cast<std::size_t>(size));
    });

    log.reset();
    std::fclose(out);
    reader.join();
    ::close(ends[0]);

    EXPECT_THAT(text, HasSubstr(" lines are missing here"));
}

TEST(Metrics, ListsEachSeriesOnce) {
    Metrics metrics;

    add(metrics.counter("api_requests_total", "Requests", {{"method", "GET"}}));
    add(metrics.counter("api_requests_total", "Requests", {{"method", "GET"}}));

    EXPECT_THAT(metrics.text(), HasSubstr("api_requests_total{method=\"GET\"} 2\n"));
}

}  // namespace
}  // namespace afterresume::observability
