// One connection to a Redis server: commands go out as they come, answers land in the same order,
// and pushed messages beside them. It lives in a shared_ptr because its own waits on the stream
// hold it.
#pragma once

#include "infra/redis/resp.h"
#include "infra/redis/stream.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>

namespace afterresume::redis {

struct Options {
    Address address;
    // A PEM file of authorities to trust instead of the system's.
    std::string authorities = {};
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds answer_timeout{5'000};
    // Version 2 of the protocol even where 3 is spoken.
    bool version_2 = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(boost::asio::io_context& io, Options options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Connects, signs in and chooses the database. Throws Error: unavailable "redis.away";
    // unauthenticated "redis.refused" when the server wants somebody else. Call once.
    Task<void> open();
    // Throws Error(unavailable, "redis.away") when the connection is not open or breaks, whether or
    // not the command was carried out. Error answers are values.
    Task<Value> call(Command command);
    // From then on messages of that channel are given to `receiver`. Gets no other commands but
    // PING afterwards, where the server speaks version 2.
    Task<void> subscribe(std::string channel, std::function<void(std::string_view)> receiver);
    // Called once, when the connection closes, whoever closes it.
    void when_closed(std::function<void()> told) { closed_ = std::move(told); }
    bool alive() const { return state_ == State::open; }
    void close();

private:
    enum class State { made, opening, open, closed };
    using Landed = std::function<void(std::optional<Value>)>;
    struct Waiting {
        Landed landed;
        std::chrono::steady_clock::time_point until;
    };

    Task<void> greet();
    Task<Value> asked(Command command);
    static Task<void> read_all(std::shared_ptr<Connection> self);
    static Task<void> write_all(std::shared_ptr<Connection> self);
    void send(const Command& command);
    void take(Value value);
    bool is_message(const Value& value) const;
    void watch();

    boost::asio::io_context& io_;
    Options options_;
    State state_ = State::made;
    std::shared_ptr<Stream> stream_;
    Parser parser_;
    std::string outbox_;
    bool writing_ = false;
    std::deque<Waiting> waiting_;
    boost::asio::steady_timer deadline_;
    bool watching_ = false;
    std::function<void(std::string_view)> receiver_;
    // Answers a subscription, which comes as a message itself.
    Landed subscribed_;
    std::function<void()> closed_;
};

}  // namespace afterresume::redis
