// Writes lines to a stream by a thread of its own, many at a time: who logs never waits for the
// stream, and the thread wakes at most every 20 ms, but at once for an urgent line. Beyond a
// megabyte of waiting text lines are lost, and counted in the log itself. Owned by Log; the stream
// must outlive it.
#pragma once

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace afterresume::observability {

class LogWriter {
public:
    explicit LogWriter(std::FILE* out);
    // Writes what waits.
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    // `line` without its end.
    void add(std::string_view line, bool urgent);

private:
    void run();

    std::FILE* out_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string waiting_;
    std::size_t lost_ = 0;
    bool urgent_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace afterresume::observability
