// What the transactions of one SQLite database share: the threads, the way to await them, and the
// supply of ids. Shared by the database and its transactions; used on the io_context's thread.
#pragma once

#include "infra/sql/sqlite_readers.h"
#include "infra/sql/sqlite_writer.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace afterresume::sql {

class SqliteCore : public std::enable_shared_from_this<SqliteCore> {
public:
    SqliteCore(boost::asio::io_context& io, SqliteOptions options);

    // What one transaction sends at a time.
    struct Flight {
        Reach reach;
        std::vector<Call> calls;
        std::shared_ptr<WriteSession> session = {};
        bool commit = false;
    };
    // Throws Error(unavailable, "sql.busy") when too many wait.
    Task<std::unique_ptr<Result>> read(Flight flight);
    Task<std::unique_ptr<Result>> write(Flight flight);
    void abandon(const std::shared_ptr<WriteSession>& session) { writer_.abandon(session); }

    // Ids [next, end), which nobody else will be given.
    struct Ids {
        std::int64_t next = 0;
        std::int64_t end = 0;
    };
    // From the supply; waits for a reservation to be durable when that is used up.
    Task<std::int64_t> next_id();
    // Whether next_id() would not wait.
    bool has_ids() const { return ids_.next < ids_.end; }
    // The statement that reserves a block, and the block it granted.
    static const Statement& reserve_ids();
    static Ids granted(const Result& result);

    // Serves what waits and ends the threads; blocks until then.
    void stop();

private:
    friend struct Reservation;
    enum class To { readers, writer };
    Task<std::unique_ptr<Result>> send(To to, Flight flight);
    void dispatch(To to, std::unique_ptr<Request> request);
    void reserve_more();
    void add_ids(Ids ids);

    SqliteOptions options_;
    std::shared_ptr<Deliveries> deliveries_;
    SqliteWriter writer_;
    SqliteReaders readers_;
    Ids ids_;
    // Granted while some of the earlier ones are left.
    Ids more_ids_;
    bool reserving_ = false;
    std::exception_ptr reserving_failed_;
};

}  // namespace afterresume::sql
