// A Redis server as the program uses it: one pipelined connection that comes back by itself, behind
// a breaker. Owned by app/; the io_context must outlive it. Calls under way when it goes fail.
#pragma once

#include "infra/breaker/breaker.h"
#include "infra/redis/connection.h"

namespace afterresume::redis {

class Client {
public:
    Client(boost::asio::io_context& io, Options options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Throws Error(unavailable, "redis.away"), at once while the breaker is open, whether or not
    // the command was carried out; upstream "redis.error" with what the server said.
    Task<Value> call(Command command);
    // Whether the last that is known of the server is good.
    bool healthy() const;
    void close();

private:
    // Lives as long as the last call.
    struct Core;
    std::shared_ptr<Core> core_;
};

}  // namespace afterresume::redis
