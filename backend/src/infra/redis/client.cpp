#include "infra/redis/client.h"

#include "core/error.h"

#include <fmt/format.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace afterresume::redis {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

namespace {

Error away() {
    return Error(ErrorKind::unavailable, "redis.away", "Redis does not answer at the moment.");
}

}  // namespace

struct Client::Core {
    asio::io_context& io;
    Options options;
    breaker::Breaker breaker = breaker::Breaker();
    std::shared_ptr<Connection> connection = nullptr;
    // Who asks while another connects waits for that one.
    bool connecting = false;
    bool closed = false;
    asio::steady_timer changed{io, Steady::time_point::max()};

    static Task<Value> call(std::shared_ptr<Core> core, Command command) {
        if (core->closed || !core->breaker.allows(Steady::now())) throw away();
        Value answer;
        try {
            auto connection = co_await connected(core);
            answer = co_await connection->call(std::move(command));
        } catch (const Error&) {
            core->breaker.failed(Steady::now());
            throw;
        }
        core->breaker.succeeded();
        if (answer.is_error())
            throw Error(
                ErrorKind::upstream, "redis.error", fmt::format("Redis refused: {}", answer.text)
            );
        co_return answer;
    }

    static Task<std::shared_ptr<Connection>> connected(std::shared_ptr<Core> core) {
        while (core->connecting) {
            boost::system::error_code ignored;
            co_await core->changed.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        if (core->closed) throw away();
        if (core->connection && core->connection->alive()) co_return core->connection;
        auto made = std::make_shared<Connection>(core->io, core->options);
        core->connection = made;
        core->connecting = true;
        try {
            co_await made->open();
        } catch (...) {
            core->connecting = false;
            core->changed.cancel();
            throw;
        }
        core->connecting = false;
        core->changed.cancel();
        co_return made;
    }
};

Client::Client(asio::io_context& io, Options options)
    : core_(std::make_shared<Core>(Core{io, std::move(options)})) {}

Client::~Client() { close(); }

Task<Value> Client::call(Command command) { return Core::call(core_, std::move(command)); }

bool Client::healthy() const { return !core_->breaker.open(Steady::now()); }

void Client::close() {
    core_->closed = true;
    core_->changed.cancel();
    if (core_->connection) core_->connection->close();
}

}  // namespace afterresume::redis
