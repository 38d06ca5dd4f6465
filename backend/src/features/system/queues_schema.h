// Queues as operators see and set them, over the wire.
#pragma once

#include "core/describe/notes.h"
#include "engine/inspect.h"

namespace afterresume::system {

struct Queue {
    jobs::QueueName name = jobs::QueueName::ai;
    // Nothing of it is begun.
    bool paused = false;
    // How many jobs there are in each state.
    std::int64_t blocked = 0;
    std::int64_t scheduled = 0;
    std::int64_t ready = 0;
    std::int64_t running = 0;
    std::int64_t waiting = 0;
    // Since when the one has been ready that has been it longest.
    std::optional<Timestamp> oldest_ready;
    // Those that have jobs running in it, and those whose share was set.
    std::vector<jobs::TenantQueue> tenants;
};
BOOST_DESCRIBE_STRUCT(
    Queue, (), (name, paused, blocked, scheduled, ready, running, waiting, oldest_ready, tenants)
)

struct QueueList {
    std::vector<Queue> items;
};
BOOST_DESCRIBE_STRUCT(QueueList, (), (items))

struct SetShare {
    TenantId tenant_id;
    Replacement<std::int64_t> weight;
    Change<std::int64_t> max_running;
    Replacement<bool> paused;
};
BOOST_DESCRIBE_STRUCT(SetShare, (), (tenant_id, weight, max_running, paused))

constexpr auto notes(SetShare*) {
    using namespace describe;
    return std::tuple{
        note(&SetShare::tenant_id, "Whose share"),
        note(&SetShare::weight, "Against other tenants with jobs ready", range{1, 1'000}),
        note(
            &SetShare::max_running,
            "No more of its jobs run in this queue; null for no limit. /system/limits/ sets it, "
            "too",
            range{0, 1'000'000}
        ),
        note(&SetShare::paused, "Whether none of its jobs in this queue is begun"),
    };
}

}  // namespace afterresume::system
