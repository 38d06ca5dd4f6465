// Tells whoever listens that there is something to look at: something ready, a cancel, another time
// of a schedule, each by a bell of its own. Losing a ring costs latency only: listeners also look
// by themselves. Owned by app/; outlives who rings and who listens. Used on the io_context's
// thread.
#pragma once

#include "core/id.h"
#include "engine/jobs/kinds.h"

#include <functional>
#include <map>
#include <optional>

namespace afterresume::jobs {

// A tenant's part of a queue.
struct Spot {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;

    auto operator<=>(const Spot&) const = default;
};

class Doorbell {
public:
    // With where there is something, when the ringer knows.
    using Listener = std::function<void(const std::optional<Spot>& where)>;

    // Calls every listener, that of `except` left out; cheap, and never blocks.
    void ring(const std::optional<Spot>& where = std::nullopt, const void* except = nullptr) {
        for (auto& [key, listener] : listeners_) {
            if (key != except) listener(where);
        }
    }
    void listen(const void* key, Listener listener) { listeners_[key] = std::move(listener); }
    void forget(const void* key) { listeners_.erase(key); }

private:
    std::map<const void*, Listener> listeners_;
};

}  // namespace afterresume::jobs
