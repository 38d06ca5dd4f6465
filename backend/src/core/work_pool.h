// Threads for work that would hold up I/O: hashing, rendering, matching. Owned by app/; outlives
// who runs on it.
#pragma once

#include "core/task.h"

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace boost::asio {
class thread_pool;
}

namespace afterresume {

class WorkPool {
public:
    explicit WorkPool(std::size_t threads);
    // Waits for what is running.
    ~WorkPool();
    WorkPool(const WorkPool&) = delete;
    WorkPool& operator=(const WorkPool&) = delete;

    // Runs `work` on one of the threads and resumes the caller on its own executor; what it throws
    // is thrown here.
    template <class Work>
    Task<std::invoke_result_t<Work>> run(Work work) {
        std::optional<std::invoke_result_t<Work>> result;
        std::function<void()> job = [&] { result.emplace(work()); };
        co_await execute(std::move(job));
        co_return std::move(*result);
    }

private:
    Task<void> execute(std::function<void()> job);

    std::unique_ptr<boost::asio::thread_pool> threads_;
};

}  // namespace afterresume
