// The connections of one role that a transaction has to itself: made when needed, at most so many,
// waited for in turn. What a transaction leaves open is rolled back here.
#pragma once

#include "infra/sql/postgres_connection.h"

namespace afterresume::sql {

class PostgresPool : public std::enable_shared_from_this<PostgresPool> {
public:
    PostgresPool(
        boost::asio::io_context& io, std::shared_ptr<const PostgresOptions> options,
        const PostgresLogin& login, std::size_t limit, ParsedStatementPointer rollback
    );

    // A connection of its own; Error "sql.busy" when none becomes free in time, "sql.away" when
    // none can be made.
    Task<PostgresConnectionPointer> take();
    enum class Left { clean, open };
    void give_back(PostgresConnectionPointer connection, Left left);

    void close();
    std::size_t taken() const { return taken_; }
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

private:
    struct Taken {
        PostgresConnectionPointer connection;
        std::exception_ptr error;
    };
    struct Waiter {
        Waiter(boost::asio::io_context& io, std::function<void(Taken)> call)
            : deadline(io), got(std::move(call)) {}
        boost::asio::steady_timer deadline;
        std::function<void(Taken)> got;
    };
    using WaiterPointer = std::shared_ptr<Waiter>;

    void wait(std::function<void(Taken)> got);
    void grow();
    void came(const PostgresConnectionPointer& connection);
    void lost(PostgresConnection* connection);
    void put(PostgresConnectionPointer connection);
    void refuse_all(std::exception_ptr error);

    boost::asio::io_context& io_;
    std::shared_ptr<const PostgresOptions> options_;
    PostgresLogin login_;
    std::size_t limit_;
    ParsedStatementPointer rollback_;
    // All that live: being made, idle, taken or being rolled back.
    std::vector<PostgresConnectionPointer> all_;
    std::vector<PostgresConnectionPointer> idle_;
    // Those that have been ready once.
    std::unordered_set<PostgresConnection*> made_;
    std::deque<WaiterPointer> waiting_;
    std::size_t making_ = 0;
    std::size_t taken_ = 0;
    std::function<void()> changed_;
    bool closed_ = false;
};

}  // namespace afterresume::sql
