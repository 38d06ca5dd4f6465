#include "infra/observability/log_writer.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace afterresume::observability {

namespace {

constexpr std::size_t most_waiting = 1 << 20;
constexpr auto gathering_time = std::chrono::milliseconds(20);

}  // namespace

LogWriter::LogWriter(std::FILE* out) : out_(out), thread_([this] { run(); }) {}

LogWriter::~LogWriter() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void LogWriter::add(std::string_view line, bool urgent) {
    bool wake = urgent;
    {
        std::lock_guard lock(mutex_);
        if (waiting_.size() + line.size() >= most_waiting) {
            ++lost_;
            return;
        }
        wake = wake || waiting_.empty();
        urgent_ = urgent_ || urgent;
        waiting_.append(line).push_back('\n');
    }
    if (wake) changed_.notify_one();
}

void LogWriter::run() {
    std::string writing;
    std::unique_lock lock(mutex_);
    while (!stopping_ || !waiting_.empty()) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        changed_.wait_for(lock, gathering_time, [this] { return stopping_ || urgent_; });
        std::swap(writing, waiting_);
        urgent_ = false;
        if (auto lost = std::exchange(lost_, 0); lost > 0)
            writing += fmt::format(
                "{} lines are missing here: the log could not be written fast enough\n", lost
            );
        lock.unlock();
        std::fwrite(writing.data(), 1, writing.size(), out_);
        std::fflush(out_);
        writing.clear();
        lock.lock();
    }
}

}  // namespace afterresume::observability
