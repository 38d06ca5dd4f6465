// What travels between the io_context's thread and SQLite's threads. A request belongs to whoever
// holds it: first a queue, then a thread, then the deliveries, which end it on the io_context's
// thread.
#pragma once

#include "infra/sql/sqlite_fence.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace afterresume::sql {

struct Call {
    Statement statement;
    Arguments arguments;
};

// A write transaction that awaits results in between: the writer serves it alone from its first
// request on.
struct WriteSession {
    // Set by the writer thread once the transaction is over; whatever comes afterwards is refused.
    bool ended = false;
};

struct Request {
    virtual ~Request() = default;
    // On the io_context's thread, once.
    virtual void finish() = 0;

    Reach reach;
    std::vector<Call> calls;
    // Of a write transaction that awaited something, or is about to.
    std::shared_ptr<WriteSession> session;
    // Whether the transaction ends with these calls.
    bool commit = false;

    // Of the last call.
    std::unique_ptr<Result> result;
    std::exception_ptr error;
};
using Requests = std::vector<std::unique_ptr<Request>>;

// Brings finished requests back, many with one wake-up. Keeps the io_context running while any is
// out. Shared by the threads; outlives the database while deliveries are posted.
class Deliveries : public std::enable_shared_from_this<Deliveries> {
public:
    Deliveries(boost::asio::io_context& io, std::function<void(const SqliteFailure&)> on_failure)
        : io_(io), on_failure_(std::move(on_failure)) {}

    // On the io_context's thread, for every request that is sent.
    void expect_one();
    // From any thread; leaves the list empty.
    void deliver(Requests& finished);

private:
    class Arrival;
    void finish_all();
    // What arrived when nobody waits any more.
    void drop();
    void report(const std::exception_ptr& error) const;

    boost::asio::io_context& io_;
    std::function<void(const SqliteFailure&)> on_failure_;
    std::size_t expected_ = 0;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
        working_;

    std::mutex mutex_;
    Requests finished_;
    bool posted_ = false;
};

}  // namespace afterresume::sql
