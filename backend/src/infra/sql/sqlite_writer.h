// The one thread that writes. It runs transactions one after the other, each in a savepoint of its
// own, and makes a whole group of them durable with one commit. Owned by the database.
#pragma once

#include "infra/sql/sqlite_connection.h"
#include "infra/sql/sqlite_request.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace afterresume::sql {

class SqliteWriter {
public:
    // Opens the connection at once, so that what is wrong with the file is thrown here.
    SqliteWriter(const SqliteOptions& options, std::shared_ptr<Deliveries> deliveries);
    ~SqliteWriter();
    SqliteWriter(const SqliteWriter&) = delete;
    SqliteWriter& operator=(const SqliteWriter&) = delete;

    // False when too many wait or the writer has been stopped; the request is then still the
    // caller's.
    bool send(std::unique_ptr<Request>& request);
    // The transaction of this session will send nothing more and is to be rolled back.
    void abandon(const std::shared_ptr<WriteSession>& session);
    // Serves what waits and ends the thread.
    void stop();

private:
    using Control = SqliteConnection::Control;
    using Instant = std::chrono::steady_clock::time_point;

    void work();
    void run_group();
    std::unique_ptr<Request> next();
    void serve(std::unique_ptr<Request> request);
    bool run_calls(Request& request);
    void hold(const std::shared_ptr<WriteSession>& session);
    std::unique_ptr<Request> next_from_holder();
    void end(const std::shared_ptr<WriteSession>& session);
    void undo();
    void commit_group();
    void fail_members(const std::exception_ptr& error);
    void hand_back(std::unique_ptr<Request> request);

    const SqliteOptions& options_;
    std::shared_ptr<Deliveries> deliveries_;
    std::unique_ptr<SqliteConnection> connection_;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::unique_ptr<Request>> waiting_;
    // What the session being served sent next.
    std::shared_ptr<WriteSession> holder_;
    std::unique_ptr<Request> from_holder_;
    bool abandoned_ = false;
    std::atomic<bool> holder_spoke_ = false;
    bool idle_ = false;
    bool stopping_ = false;

    // The writer thread's own: what it took from the queue, and what the next commit makes durable.
    std::deque<std::unique_ptr<Request>> taken_;
    Requests members_;
    Requests ended_;
    std::thread thread_;
};

}  // namespace afterresume::sql
