// What the loops of a worker have in common.
#pragma once

#include "core/task.h"
#include "infra/observability/log.h"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace afterresume::workers {

// The loops outlive whatever one turn of theirs meets: the database may be away for a while.
// nullopt when it failed.
Task<std::optional<std::size_t>> guarded(
    observability::Log& log, std::string_view what, Task<std::size_t> turn
);

// Until the time is over or the timer is cancelled.
Task<void> sleep(boost::asio::steady_timer& timer, std::chrono::milliseconds time);

}  // namespace afterresume::workers
