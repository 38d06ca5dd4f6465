#include "infra/redis/connection.h"

#include "core/error.h"

#include <fmt/format.h>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace afterresume::redis {

namespace asio = boost::asio;

namespace {

Error away(std::string_view why) {
    return Error(
        ErrorKind::unavailable, "redis.away", fmt::format("Redis does not answer: {}.", why)
    );
}

// Waits for what `start` gives its callback to.
template <class Start>
Task<std::optional<Value>> answered(Start start) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::optional<Value>)>(
        [start = std::move(start)](auto handler) mutable {
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            auto executor = asio::get_associated_executor(*shared);
            start([shared, executor](std::optional<Value> value) {
                asio::post(executor, [shared, value = std::move(value)]() mutable {
                    std::move (*shared)(std::move(value));
                });
            });
        },
        asio::use_awaitable
    );
}

}  // namespace

Connection::Connection(asio::io_context& io, Options options)
    : io_(io), options_(std::move(options)), deadline_(io) {}

Connection::~Connection() { close(); }

Task<void> Connection::open() {
    state_ = State::opening;
    deadline_.expires_after(options_.connect_timeout);
    deadline_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
        auto self = weak.lock();
        if (!cancelled && self && self->state_ == State::opening) self->close();
    });
    try {
        co_await open_stream(io_.get_executor(), options_.address, options_.authorities, stream_);
    } catch (const boost::system::system_error& error) {
        close();
        throw away(error.what());
    }
    if (state_ != State::opening) throw away("it was closed");
    asio::co_spawn(io_, read_all(shared_from_this()), asio::detached);
    try {
        co_await greet();
    } catch (...) {
        close();
        throw;
    }
    deadline_.cancel();
    state_ = State::open;
    watch();
}

// HELLO 3 signs in too; servers that do not know it are signed in to as before.
Task<void> Connection::greet() {
    const auto& to = options_.address;
    Command hello{"HELLO", options_.version_2 ? "2" : "3"};
    if (!to.password.empty())
        hello.insert(hello.end(), {"AUTH", to.user.empty() ? "default" : to.user, to.password});
    auto answer = co_await asked(hello);
    bool unknown =
        answer.is_error() && (answer.text.starts_with("ERR") || answer.text.starts_with("NOPROTO"));
    if (unknown && !to.password.empty()) {
        Command auth{"AUTH"};
        if (!to.user.empty()) auth.push_back(to.user);
        auth.push_back(to.password);
        answer = co_await asked(auth);
    } else if (unknown) {
        answer = co_await asked({"PING"});
    }
    if (!answer.is_error() && to.database != 0)
        answer = co_await asked({"SELECT", std::to_string(to.database)});
    if (answer.is_error())
        throw Error(
            ErrorKind::unauthenticated, "redis.refused",
            fmt::format("Redis refuses us: {}", answer.text)
        );
}

Task<Value> Connection::call(Command command) {
    if (state_ != State::open) throw away("there is no connection");
    auto answer = co_await asked(std::move(command));
    co_return answer;
}

Task<Value> Connection::asked(Command command) {
    auto self = shared_from_this();
    auto start = [&](Landed landed) {
        waiting_.push_back(
            {std::move(landed), std::chrono::steady_clock::now() + options_.answer_timeout}
        );
        send(command);
        watch();
    };
    auto value = co_await answered(start);
    if (!value) throw away("the connection broke");
    co_return std::move(*value);
}

Task<void> Connection::subscribe(
    std::string channel, std::function<void(std::string_view)> receiver
) {
    if (state_ != State::open) throw away("there is no connection");
    auto self = shared_from_this();
    receiver_ = std::move(receiver);
    auto start = [&](Landed landed) {
        subscribed_ = std::move(landed);
        send({"SUBSCRIBE", channel});
    };
    auto value = co_await answered(start);
    if (!value) throw away("the connection broke");
}

void Connection::send(const Command& command) {
    outbox_ += encode(command);
    if (writing_ || !stream_) return;
    writing_ = true;
    asio::co_spawn(io_, write_all(shared_from_this()), asio::detached);
}

// Everything that has come together goes out at once.
Task<void> Connection::write_all(std::shared_ptr<Connection> self) {
    try {
        while (!self->outbox_.empty() && self->state_ != State::closed) {
            auto bytes = std::exchange(self->outbox_, {});
            co_await self->stream_->write(bytes);
        }
    } catch (const boost::system::system_error&) {
        self->close();
    }
    self->writing_ = false;
}

Task<void> Connection::read_all(std::shared_ptr<Connection> self) {
    auto stream = self->stream_;
    std::array<char, 16'384> bytes{};
    try {
        while (self->state_ != State::closed) {
            auto count = co_await stream->read(bytes);
            self->parser_.feed({bytes.data(), count});
            while (auto value = self->parser_.next()) self->take(std::move(*value));
        }
    } catch (const std::exception&) {
        self->close();
    }
}

bool Connection::is_message(const Value& value) const {
    if (value.kind == Value::Kind::push) return true;
    return receiver_ && value.kind == Value::Kind::list && !value.items.empty() &&
           (value.items[0].text == "message" || value.items[0].text == "subscribe");
}

void Connection::take(Value value) {
    if (is_message(value)) {
        if (value.items.size() < 3) return;
        if (value.items[0].text == "message" && receiver_) receiver_(value.items[2].text);
        if (value.items[0].text == "subscribe" && subscribed_)
            std::exchange(subscribed_, {})(std::move(value));
        return;
    }
    if (subscribed_ && value.is_error()) return close();
    if (waiting_.empty()) return close();
    auto landed = std::move(waiting_.front().landed);
    waiting_.pop_front();
    landed(std::move(value));
}

// Closes a connection on which the oldest command has waited too long.
void Connection::watch() {
    if (watching_ || state_ != State::open || waiting_.empty()) return;
    watching_ = true;
    deadline_.expires_at(waiting_.front().until);
    deadline_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
        auto self = weak.lock();
        if (cancelled || !self) return;
        self->watching_ = false;
        bool late = !self->waiting_.empty() &&
                    self->waiting_.front().until <= std::chrono::steady_clock::now();
        if (late) return self->close();
        self->watch();
    });
}

void Connection::close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    deadline_.cancel();
    if (stream_) stream_->close();
    for (auto& waiting : std::exchange(waiting_, {})) waiting.landed(std::nullopt);
    if (subscribed_) std::exchange(subscribed_, {})(std::nullopt);
    receiver_ = {};
    if (closed_) std::exchange(closed_, {})();
}

}  // namespace afterresume::redis
