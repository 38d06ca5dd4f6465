// Tells the workers of this process that something is ready. Losing a ring costs latency only:
// workers also poll. Owned by app/; outlives queues and workers. Used on the io_context's thread.
#pragma once

#include <functional>
#include <map>

namespace afterresume::jobs {

class Doorbell {
public:
    // Calls every listener; cheap, and never blocks.
    void ring() {
        for (auto& [key, listener] : listeners_) listener();
    }
    void listen(const void* key, std::function<void()> listener) {
        listeners_[key] = std::move(listener);
    }
    void forget(const void* key) { listeners_.erase(key); }

private:
    std::map<const void*, std::function<void()>> listeners_;
};

}  // namespace afterresume::jobs
