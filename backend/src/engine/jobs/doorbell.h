// Tells whoever listens that there is something to look at: something ready, a cancel, another time
// of a schedule, each by a bell of its own. Losing a ring costs latency only: listeners also look
// by themselves. Owned by app/; outlives who rings and who listens. Used on the io_context's
// thread.
#pragma once

#include <functional>
#include <map>

namespace afterresume::jobs {

class Doorbell {
public:
    // Calls every listener, that of `except` left out; cheap, and never blocks.
    void ring(const void* except = nullptr) {
        for (auto& [key, listener] : listeners_) {
            if (key != except) listener();
        }
    }
    void listen(const void* key, std::function<void()> listener) {
        listeners_[key] = std::move(listener);
    }
    void forget(const void* key) { listeners_.erase(key); }

private:
    std::map<const void*, std::function<void()>> listeners_;
};

}  // namespace afterresume::jobs
