// One connection to PostgreSQL in pipeline mode: flights go out as they come and land in the same
// order. Shared between its user and its own waits on the socket, which is why it lives in a
// shared_ptr.
#pragma once

#include "infra/sql/postgres.h"
#include "infra/sql/postgres_flight.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <unordered_set>

namespace afterresume::sql {

// The statements that a connection knows by name, the last used first.
class PreparedNames {
public:
    explicit PreparedNames(std::size_t limit) : limit_(limit) {}
    // Whether it is known; if so it counts as used now.
    bool use(std::uint64_t number);
    // Adds one; gives the one that has to go for it.
    std::optional<std::uint64_t> add(std::uint64_t number);
    void remove(std::uint64_t number);
    void clear();

private:
    std::size_t limit_;
    std::list<std::uint64_t> recent_;
    std::unordered_map<std::uint64_t, std::list<std::uint64_t>::iterator> known_;
};

class PostgresConnection : public std::enable_shared_from_this<PostgresConnection> {
public:
    PostgresConnection(
        boost::asio::io_context& io, std::shared_ptr<const PostgresOptions> options,
        const PostgresLogin& login
    );
    ~PostgresConnection();
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;

    // Begins to connect. `ready` is called when it can send; `lost` once when it never will or no
    // longer can.
    void connect(std::function<void()> ready, std::function<void()> lost);
    bool ready() const { return state_ == State::ready; }

    // One flight of its own; its error undoes all of it, and nothing else. Lands with "sql.away"
    // when the connection is not ready or breaks.
    void send(Flight flight);
    // Flights that have not landed.
    std::size_t load() const { return in_flight_.size(); }
    // Ends the connection without `lost`.
    void close();

private:
    enum class State { made, connecting, ready, closed };
    struct Travelling {
        Flight flight;
        // The statement whose answer comes next.
        std::size_t at = 0;
        Outcome outcome;
        // What it prepares, if that is what it is for.
        std::uint64_t prepares = 0;
    };
    using Landed = std::vector<Travelling>;

    static Task<void> establish(std::shared_ptr<PostgresConnection> self);
    void start_connecting();
    Task<void> poll_until_connected();
    void begin_pipeline();

    void prepare_for(const Flight& flight);
    void send_prepare(const ParsedStatementPointer& statement);
    void send_alone(const std::string& text);
    bool send_command(const Command& command);
    void sync(Travelling travelling);
    void flush();

    void wait_readable();
    void readable();
    void drain(Landed& landed);
    void take(Travelling& travelling, PgResult result);
    void fail(Travelling& travelling, const PGresult* result);
    void report(std::string_view statement, std::string_view sqlstate, std::string_view message)
        const;
    void broke(std::string_view message);
    void finish();

    boost::asio::io_context& io_;
    std::shared_ptr<const PostgresOptions> options_;
    PostgresLogin login_;
    State state_ = State::made;
    PGconn* connection_ = nullptr;
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer deadline_;
    bool waits_writable_ = false;
    std::function<void()> ready_;
    std::function<void()> lost_;

    std::deque<Travelling> in_flight_;
    PreparedNames prepared_;
    // Statements that could not be prepared, with the reason; who uses them gets that one.
    std::unordered_map<std::uint64_t, std::exception_ptr> refused_;
    // Set when a plan went stale, as after a change of the schema.
    bool forget_prepared_ = false;
    std::vector<const char*> pointers_;
};
using PostgresConnectionPointer = std::shared_ptr<PostgresConnection>;

}  // namespace afterresume::sql
