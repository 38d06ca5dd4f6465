#include "infra/redis/broadcast.h"

#include "core/error.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::redis {

namespace asio = boost::asio;

namespace {

class Subscription : public std::enable_shared_from_this<Subscription> {
public:
    Subscription(asio::io_context& io, BroadcastOptions options, observability::Log& log)
        : io_(io), options_(std::move(options)), log_(log), timer_(io) {}

    void start(broadcast::Receiver receiver) {
        receiver_ = std::move(receiver);
        asio::co_spawn(io_, live(shared_from_this()), asio::detached);
    }
    bool connected() const { return subscribed_; }
    const std::string& channel() const { return options_.channel; }
    void close() {
        closing_ = true;
        receiver_ = {};
        timer_.cancel();
        if (connection_) connection_->close();
    }

private:
    static Task<void> live(std::shared_ptr<Subscription> self) {
        auto pause = self->options_.shortest_pause;
        while (!self->closing_) {
            try {
                co_await self->subscribe();
                pause = self->options_.shortest_pause;
                co_await self->keep();
            } catch (const std::exception& error) {
                if (!self->closing_)
                    self->log_.warning(
                        "broadcast", "no messages from Redis, polling instead: {}", error.what()
                    );
            }
            self->subscribed_ = false;
            self->connection_->close();
            if (self->closing_) co_return;
            co_await self->sleep(pause);
            pause = std::min(pause * 2, self->options_.longest_pause);
        }
    }

    Task<void> subscribe() {
        connection_ = std::make_shared<Connection>(io_, options_.server);
        co_await connection_->open();
        auto receive = [weak = weak_from_this()](std::string_view message) {
            auto self = weak.lock();
            if (self && self->receiver_) self->receiver_(message);
        };
        co_await connection_->subscribe(options_.channel, receive);
        // Not only the next PING tells that the server is gone.
        connection_->when_closed([weak = weak_from_this()] {
            if (auto self = weak.lock()) self->timer_.cancel();
        });
        subscribed_ = true;
        log_.info("broadcast", "listening to Redis");
    }

    Task<void> keep() {
        while (!closing_) {
            co_await sleep(options_.ping_every);
            if (!closing_) co_await connection_->call({"PING"});
        }
    }

    Task<void> sleep(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        boost::system::error_code ignored;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    asio::io_context& io_;
    BroadcastOptions options_;
    observability::Log& log_;
    broadcast::Receiver receiver_;
    std::shared_ptr<Connection> connection_;
    asio::steady_timer timer_;
    bool subscribed_ = false;
    bool closing_ = false;
};

class RedisBroadcast final : public broadcast::Broadcast {
public:
    RedisBroadcast(
        asio::io_context& io, Client& client, BroadcastOptions options, observability::Log& log
    )
        : io_(io),
          client_(client),
          subscription_(std::make_shared<Subscription>(io, std::move(options), log)) {}
    ~RedisBroadcast() override { subscription_->close(); }

    void start(broadcast::Receiver receiver) override { subscription_->start(std::move(receiver)); }
    void publish(std::string message) override {
        Command command{"PUBLISH", subscription_->channel(), std::move(message)};
        // A message that is lost is one that somebody finds by polling.
        asio::co_spawn(io_, client_.call(std::move(command)), [](std::exception_ptr, Value) {});
    }
    bool connected() const override { return subscription_->connected(); }

private:
    asio::io_context& io_;
    Client& client_;
    std::shared_ptr<Subscription> subscription_;
};

}  // namespace

std::unique_ptr<broadcast::Broadcast> open_broadcast(
    asio::io_context& io, Client& client, BroadcastOptions options, observability::Log& log
) {
    return std::make_unique<RedisBroadcast>(io, client, std::move(options), log);
}

}  // namespace afterresume::redis
