// Messages by a Redis channel: one connection listens, the client's publishes.
#pragma once

#include "infra/broadcast/broadcast.h"
#include "infra/observability/log.h"
#include "infra/redis/client.h"

namespace afterresume::redis {

struct BroadcastOptions {
    Options server;
    std::string channel = "afterresume";
    std::chrono::milliseconds shortest_pause{500};
    std::chrono::milliseconds longest_pause{30'000};
    // How often a quiet connection is asked whether it is still one.
    std::chrono::milliseconds ping_every{10'000};
};

// The io_context, the client and the log must outlive it.
std::unique_ptr<broadcast::Broadcast> open_broadcast(
    boost::asio::io_context& io, Client& client, BroadcastOptions options, observability::Log& log
);

}  // namespace afterresume::redis
