// The connections of one role that everybody shares: always open, opened again when they break.
// Flights go to the one with the least to do.
#pragma once

#include "infra/sql/postgres_connection.h"

namespace afterresume::sql {

class PostgresPipeline : public std::enable_shared_from_this<PostgresPipeline> {
public:
    PostgresPipeline(
        boost::asio::io_context& io, std::shared_ptr<const PostgresOptions> options,
        const PostgresLogin& login, std::size_t connections
    );

    void start();
    void close();
    // Waits for a connection while the first attempt to make one runs; lands with "sql.away" once
    // one has failed and with "sql.busy" when too much waits already.
    void send(Flight flight);
    // Connections that can send, the least loaded first.
    std::vector<PostgresConnectionPointer> ready() const;
    // Whether a connection is there, or is being made and nothing speaks against it yet.
    bool hopeful() const;
    // Called whenever a connection has become ready, or all attempts have failed.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
    std::size_t load() const;

private:
    struct Slot {
        explicit Slot(boost::asio::io_context& io) : retry(io) {}
        PostgresConnectionPointer connection;
        boost::asio::steady_timer retry;
        // Whether the connection has been ready; zero as long as no attempt has failed since then.
        bool served = false;
        std::chrono::milliseconds pause{0};
    };

    void connect(Slot& slot);
    void lost(Slot& slot);
    void changed();
    PostgresConnection* least_loaded() const;

    boost::asio::io_context& io_;
    std::shared_ptr<const PostgresOptions> options_;
    PostgresLogin login_;
    std::vector<std::unique_ptr<Slot>> slots_;
    std::deque<Flight> waiting_;
    std::function<void()> changed_;
    bool closed_ = false;
};

// Has a flight land with an error, as a connection would.
void land_with(boost::asio::io_context& io, Flight flight, std::exception_ptr error);

}  // namespace afterresume::sql
