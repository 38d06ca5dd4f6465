// LISTEN and NOTIFY on a connection of their own, outside of every transaction. Needs a session
// that stays with its client: a proxy that shares sessions is found out, and given up for a while.
#pragma once

#include "core/task.h"
#include "infra/broadcast/broadcast.h"
#include "infra/observability/log.h"
#include "infra/sql/postgres.h"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace afterresume::sql {

struct PostgresBroadcastOptions {
    // postgres://…, not through a proxy that shares sessions.
    std::string url{};
    PostgresLogin login{};
    // A word in lower case.
    std::string channel = "afterresume";
    std::chrono::milliseconds shortest_pause{500};
    std::chrono::milliseconds longest_pause{30'000};
    // How long our own first message may take to come back.
    std::chrono::milliseconds proof{5'000};
};

// The io_context and the log must outlive it.
std::unique_ptr<broadcast::Broadcast> open_postgres_broadcast(
    boost::asio::io_context& io, PostgresBroadcastOptions options, observability::Log& log
);

}  // namespace afterresume::sql
