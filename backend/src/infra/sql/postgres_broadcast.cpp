#include "infra/sql/postgres_broadcast.h"

#include "infra/sql/postgres_result.h"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>

namespace afterresume::sql {

namespace asio = boost::asio;
using asio::posix::descriptor_base;

namespace {

// Enough for bells, which are the same few; older ones go first.
constexpr std::size_t most_waiting = 64;

// Before the message by which each proves that what it says is heard.
constexpr std::string_view proof_mark = "proof ";

struct Freed {
    void operator()(PGnotify* notification) const { PQfreemem(notification); }
};

class Line : public std::enable_shared_from_this<Line> {
public:
    Line(asio::io_context& io, PostgresBroadcastOptions options, observability::Log& log)
        : options_(std::move(options)),
          log_(log),
          io_(io),
          socket_(io),
          timer_(io),
          proof_(std::string(proof_mark) + Uuid::random().text()) {}
    ~Line() { disconnect(); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    void start(broadcast::Receiver receiver) {
        receiver_ = std::move(receiver);
        asio::co_spawn(io_, live(shared_from_this()), asio::detached);
    }
    void publish(std::string message) {
        if (!proven_) return;
        send(std::move(message));
    }
    bool connected() const { return proven_; }
    void close() {
        closing_ = true;
        receiver_ = {};
        timer_.cancel();
        disconnect();
    }

private:
    static Task<void> live(std::shared_ptr<Line> self) {
        auto pause = self->options_.shortest_pause;
        while (!self->closing_) {
            try {
                co_await self->connect();
                co_await self->listen();
                pause = self->options_.shortest_pause;
                co_await self->receive();
            } catch (const std::exception& error) {
                if (!self->closing_)
                    self->log_.warning(
                        "broadcast", "no notifications from PostgreSQL, polling instead: {}",
                        error.what()
                    );
            }
            self->disconnect();
            if (self->closing_) co_return;
            co_await self->sleep(pause);
            pause = std::min(pause * 2, self->options_.longest_pause);
        }
    }

    Task<void> sleep(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        boost::system::error_code ignored;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    Task<void> connect() {
        std::array names{
            "dbname",
            "application_name",
            "keepalives_idle",
            "tcp_user_timeout",
            "user",
            "password",
            static_cast<const char*>(nullptr)
        };
        std::array values{
            options_.url.c_str(),
            "afterresume",
            "10",
            "20000",
            options_.login.role.c_str(),
            options_.login.password.c_str(),
            static_cast<const char*>(nullptr)
        };
        if (options_.login.role.empty()) names[4] = nullptr;
        connection_ = PQconnectStartParams(names.data(), values.data(), 1);
        if (connection_ == nullptr) throw std::bad_alloc();
        PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
        give_up_after(options_.proof);
        auto wants = PGRES_POLLING_WRITING;
        while (wants != PGRES_POLLING_OK) {
            if (PQstatus(connection_) == CONNECTION_BAD || wants == PGRES_POLLING_FAILED)
                throw std::runtime_error(PQerrorMessage(connection_));
            socket_.assign(PQsocket(connection_));
            auto side = wants == PGRES_POLLING_READING ? descriptor_base::wait_read
                                                       : descriptor_base::wait_write;
            co_await socket_.async_wait(side, asio::use_awaitable);
            socket_.release();
            wants = PQconnectPoll(connection_);
        }
        socket_.assign(PQsocket(connection_));
        PQsetnonblocking(connection_, 1);
    }

    // Ends whatever waits for the socket by then.
    void give_up_after(std::chrono::milliseconds time) {
        timer_.expires_after(time);
        timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
            auto self = weak.lock();
            if (!cancelled && self && !self->proven_ && self->socket_.is_open())
                self->socket_.cancel();
        });
    }

    // Our own message must come back: a proxy takes LISTEN and delivers nothing.
    Task<void> listen() {
        waiting_.clear();
        must(PQsendQuery(connection_, fmt::format("LISTEN {}", options_.channel).c_str()));
        busy_ = true;
        send(proof_);
        give_up_after(options_.proof);
        while (!proven_) co_await take();
        timer_.cancel();
        log_.info("broadcast", "listening to PostgreSQL");
    }

    Task<void> receive() {
        while (!closing_) co_await take();
    }

    Task<void> take() {
        flush();
        co_await socket_.async_wait(descriptor_base::wait_read, asio::use_awaitable);
        if (closing_) co_return;
        must(PQconsumeInput(connection_));
        while (busy_ && PQisBusy(connection_) == 0) {
            PgResult result(PQgetResult(connection_));
            if (!result) {
                busy_ = false;
            } else if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) {
                throw std::runtime_error(PQresultErrorMessage(result.get()));
            }
        }
        while (auto got = std::unique_ptr<PGnotify, Freed>(PQnotifies(connection_))) {
            if (got->extra == proof_) {
                proven_ = true;
            } else if (receiver_ && !std::string_view(got->extra).starts_with(proof_mark)) {
                receiver_(got->extra);
            }
        }
        send_next();
    }

    void send(std::string message) {
        if (waiting_.size() == most_waiting) waiting_.pop_front();
        waiting_.push_back(std::move(message));
        send_next();
    }

    // Each NOTIFY commits by itself.
    void send_next() {
        if (busy_ || waiting_.empty() || connection_ == nullptr) return;
        std::array<const char*, 2> values{options_.channel.c_str(), waiting_.front().c_str()};
        auto sent = PQsendQueryParams(
            connection_, "SELECT pg_notify($1, $2)", 2, nullptr, values.data(), nullptr, nullptr, 0
        );
        // A connection that is gone is found out by whoever reads from it.
        if (sent != 1) return;
        waiting_.pop_front();
        busy_ = true;
        flush();
    }

    // Messages are shorter than any socket's buffer.
    void flush() {
        if (connection_ != nullptr) PQflush(connection_);
    }

    void must(int done) {
        if (done != 1) throw std::runtime_error(PQerrorMessage(connection_));
    }

    void disconnect() {
        proven_ = busy_ = false;
        if (socket_.is_open()) {
            socket_.cancel();
            socket_.release();
        }
        PQfinish(std::exchange(connection_, nullptr));
    }

    PostgresBroadcastOptions options_;
    observability::Log& log_;
    asio::io_context& io_;
    broadcast::Receiver receiver_;
    asio::posix::stream_descriptor socket_;
    asio::steady_timer timer_;
    PGconn* connection_ = nullptr;
    std::string proof_;
    std::deque<std::string> waiting_;
    bool proven_ = false;
    bool busy_ = false;
    bool closing_ = false;
};

class PostgresBroadcast final : public broadcast::Broadcast {
public:
    PostgresBroadcast(
        asio::io_context& io, PostgresBroadcastOptions options, observability::Log& log
    )
        : line_(std::make_shared<Line>(io, std::move(options), log)) {}
    ~PostgresBroadcast() override { line_->close(); }

    void start(broadcast::Receiver receiver) override { line_->start(std::move(receiver)); }
    void publish(std::string message) override { line_->publish(std::move(message)); }
    bool connected() const override { return line_->connected(); }

private:
    std::shared_ptr<Line> line_;
};

}  // namespace

std::unique_ptr<broadcast::Broadcast> open_postgres_broadcast(
    asio::io_context& io, PostgresBroadcastOptions options, observability::Log& log
) {
    return std::make_unique<PostgresBroadcast>(io, std::move(options), log);
}

}  // namespace afterresume::sql
