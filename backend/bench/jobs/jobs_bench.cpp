// Measures the job engine, on SQLite or on the PostgreSQL of TEST_DATABASE_URL (tools/with-postgres
// --durable); a line of JSON tells what was seen:
//   jobs-bench drain sqlite|postgres JOBS CLAIMERS BATCH TENANTS nothing|write|sealed
//   jobs-bench single sqlite|postgres SECONDS CALLERS
//   jobs-bench latency sqlite|postgres JOBS A_SECOND
// After `single` each line of input enqueues one more job, so that its statements can be watched.
#include "subject.h"
#include "words.h"

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

namespace afterresume::bench {
namespace {

namespace asio = boost::asio;

double seconds_since(Steady::time_point begun) {
    return std::chrono::duration<double>(Steady::now() - begun).count();
}

// Mebibytes that this process ever had in memory at once.
double most_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
    }
    return 0;
}

// Runs all of them side by side, and returns when the last has ended.
void run_all(sql::ScratchDatabase& scratch, std::vector<Task<void>> tasks) {
    auto left = tasks.size();
    std::exception_ptr failed;
    for (auto& task : tasks) {
        asio::co_spawn(scratch.io(), std::move(task), [&](const std::exception_ptr& failure) {
            if (failure) failed = failure;
            --left;
        });
    }
    scratch.io().restart();
    while (left > 0) scratch.io().run_one();
    if (failed) std::rethrow_exception(failed);
}

// Until so many jobs have begun and those have ended.
Task<void> work_off(
    Subject& subject, std::vector<std::unique_ptr<workers::Worker>>& claimers,
    const std::size_t& begun, std::size_t jobs
) {
    for (auto& claimer : claimers)
        asio::co_spawn(subject.scratch().io(), claimer->run(), asio::detached);
    while (begun < jobs) co_await subject.sleep_until(Steady::now() + std::chrono::milliseconds(1));
    for (auto& claimer : claimers) co_await claimer->stop(std::chrono::seconds(5));
}

void drain(Words words) {
    std::string_view how = words[5];
    Subject subject(
        dialect_of(words[0]), how == "write" ? Work::write : Work::nothing,
        how == "sealed" ? Kept::sealed : Kept::readable
    );
    auto& scratch = subject.scratch();
    auto jobs = number(words[1]);
    auto log_before = scratch.run(subject.log_written());
    auto begun = Steady::now();
    auto left = jobs;
    std::vector<Task<void>> writers;
    for (int i = 0; i < 2; ++i) writers.push_back(subject.fill(left, number(words[4])));
    run_all(scratch, std::move(writers));
    auto filled = static_cast<double>(jobs) / seconds_since(begun);

    std::vector<std::unique_ptr<workers::Worker>> claimers;
    for (std::size_t i = 0; i < number(words[2]); ++i)
        claimers.push_back(subject.make_worker(number(words[3])));
    std::size_t made = 0;
    subject.on_start([&](const jobs::Claimed&) { ++made; });
    begun = Steady::now();
    scratch.run(work_off(subject, claimers, made, jobs));
    auto drained = static_cast<double>(made) / seconds_since(begun);
    if (auto live = scratch.run(subject.live()); made != jobs || live != 0)
        throw std::logic_error(fmt::format("{} of {} jobs begun, {} not ended", made, jobs, live));
    auto log_bytes = scratch.run(subject.log_written()) - log_before;
    fmt::print(
        R"({{"bulk": {:.0f}, "drain": {:.0f}, "wal": {:.0f}, "rss": {:.1f}}})"
        "\n",
        filled, drained, static_cast<double>(log_bytes) / static_cast<double>(jobs), most_memory()
    );
}

Task<void> call_again(Subject& subject, Steady::time_point end, std::size_t& made) {
    for (auto scope = Subject::tenant(0); Steady::now() < end; ++made)
        co_await subject.enqueue(scope);
}

void single(Words words) {
    Subject subject(dialect_of(words[0]), Work::nothing);
    auto begun = Steady::now();
    auto end = begun + std::chrono::seconds(number(words[1]));
    std::size_t made = 0;
    std::vector<Task<void>> callers;
    for (std::size_t i = 0; i < number(words[2]); ++i)
        callers.push_back(call_again(subject, end, made));
    run_all(subject.scratch(), std::move(callers));
    fmt::print(
        R"({{"single": {:.0f}, "url": "{}"}})"
        "\n",
        static_cast<double>(made) / seconds_since(begun), subject.scratch().url()
    );
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        subject.scratch().run(subject.enqueue(Subject::tenant(0)));
        fmt::print("{{}}\n");
        std::fflush(stdout);
    }
}

Task<void> call_steadily(
    Subject& subject, std::size_t jobs, double a_second, Steady::time_point& called,
    const std::vector<double>& waits
) {
    auto begun = Steady::now();
    for (std::size_t i = 0; i < jobs; ++i) {
        auto due = std::chrono::duration<double>(static_cast<double>(i + 1) / a_second);
        co_await subject.sleep_until(begun + std::chrono::duration_cast<Steady::duration>(due));
        called = Steady::now();
        co_await subject.enqueue(Subject::tenant(0));
    }
    auto end = Steady::now() + std::chrono::seconds(5);
    while (waits.size() < jobs && Steady::now() < end)
        co_await subject.sleep_until(Steady::now() + std::chrono::milliseconds(5));
}

// One worker waits in the process of the caller, as in `up`; a call is over long before the next.
void latency(Words words) {
    Subject subject(dialect_of(words[0]), Work::nothing);
    auto worker = subject.make_worker(8);
    Steady::time_point called;
    std::vector<double> waits;
    subject.on_start([&](const jobs::Claimed&) { waits.push_back(seconds_since(called) * 1'000); });
    auto& scratch = subject.scratch();
    asio::co_spawn(scratch.io(), worker->run(), asio::detached);
    scratch.run(call_steadily(subject, number(words[1]), std::atof(words[2]), called, waits));
    scratch.run(worker->stop(std::chrono::seconds(5)));
    std::ranges::sort(waits);
    if (waits.size() != number(words[1])) throw std::logic_error("not every job was begun");
    fmt::print(
        R"({{"p50": {:.3f}, "p99": {:.3f}}})"
        "\n",
        waits[waits.size() / 2], waits[waits.size() * 99 / 100]
    );
}

int measure(Words words) {
    std::string_view what = words.size() > 2 ? words[1] : "";
    auto rest = words.size() > 2 ? words.subspan(2) : words;
    if (what == "drain" && rest.size() == 6) {
        drain(rest);
    } else if (what == "single" && rest.size() == 3) {
        single(rest);
    } else if (what == "latency" && rest.size() == 3) {
        latency(rest);
    } else {
        fmt::print(stderr, "usage: see the head of jobs_bench.cpp\n");
        return 2;
    }
    return 0;
}

}  // namespace
}  // namespace afterresume::bench

int main(int count, char** words) {
    return afterresume::bench::measure({words, static_cast<std::size_t>(count)});
}
