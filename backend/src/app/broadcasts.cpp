#include "app/broadcasts.h"

#include "app/databases.h"
#include "infra/config/load.h"
#include "infra/redis/broadcast.h"
#include "infra/sql/postgres_broadcast.h"

namespace afterresume::app {

std::unique_ptr<redis::Client> open_redis(
    boost::asio::io_context& io, const config::Settings& settings
) {
    if (settings.redis_url.empty()) return nullptr;
    redis::Options options{redis::parse_address(settings.redis_url)};
    // Requests ask it; what it does not tell soon, nobody needs any more.
    options.connect_timeout = std::chrono::milliseconds(1'000);
    options.answer_timeout = std::chrono::milliseconds(250);
    return std::make_unique<redis::Client>(io, std::move(options));
}

std::unique_ptr<broadcast::Broadcast> open_broadcast(
    boost::asio::io_context& io, const config::Settings& settings, const std::string& secret,
    redis::Client* redis, observability::Log& log
) {
    auto target = config::database_target(settings);
    if (!target.postgres) return nullptr;
    if (redis != nullptr) {
        redis::BroadcastOptions options{{redis::parse_address(settings.redis_url)}};
        return redis::open_broadcast(io, *redis, std::move(options), log);
    }
    sql::PostgresBroadcastOptions options;
    options.url = settings.database_listen_url.empty() ? target.url : settings.database_listen_url;
    options.login = engine_login(target.url, secret);
    return sql::open_postgres_broadcast(io, std::move(options), log);
}

}  // namespace afterresume::app
