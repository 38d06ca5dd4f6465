// How the processes of one installation reach one another.
#pragma once

#include "infra/broadcast/broadcast.h"
#include "infra/config/settings.h"
#include "infra/observability/log.h"
#include "infra/redis/client.h"

#include <memory>

namespace afterresume::app {

// Of REDIS_URL; null without one. Throws Error(invalid, "redis.url").
std::unique_ptr<redis::Client> open_redis(
    boost::asio::io_context& io, const config::Settings& settings
);
// By Redis where there is one, else by PostgreSQL. Null on SQLite, whose one process is alone.
std::unique_ptr<broadcast::Broadcast> open_broadcast(
    boost::asio::io_context& io, const config::Settings& settings, const std::string& secret,
    redis::Client* redis, observability::Log& log
);

}  // namespace afterresume::app
