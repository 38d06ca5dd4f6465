// The one thread that writes. It runs transactions one after the other, each in a savepoint of its
// own, and makes a whole group of them durable with one commit. What people wait for goes before
// what jobs write, in groups of its own. Owned by the database.
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
    using Line = std::deque<std::unique_ptr<Request>>;
    struct Lines {
        Line people;
        Line jobs;
        Line& of(const Request& request) { return request.reach.background ? jobs : people; }
        bool empty() const { return people.empty() && jobs.empty(); }
        std::size_t size() const { return people.size() + jobs.size(); }
    };

    void work();
    Line Lines::* next_line();
    void run_group(Line Lines::* line);
    std::unique_ptr<Request> next();
    void serve(std::unique_ptr<Request> request);
    bool run_calls(Request& request);
    void hold(const std::shared_ptr<WriteSession>& session);
    std::unique_ptr<Request> next_from_holder();
    void end(const std::shared_ptr<WriteSession>& session);
    void undo();
    void run_late_calls();
    void commit_group();
    void fail_members(const std::exception_ptr& error);
    void hand_back(std::unique_ptr<Request> request);

    const SqliteOptions& options_;
    std::shared_ptr<Deliveries> deliveries_;
    std::unique_ptr<SqliteConnection> connection_;

    std::mutex mutex_;
    std::condition_variable wake_;
    Lines waiting_;
    // What the session being served sent next.
    std::shared_ptr<WriteSession> holder_;
    std::unique_ptr<Request> from_holder_;
    bool abandoned_ = false;
    std::atomic<bool> holder_spoke_ = false;
    bool idle_ = false;
    bool stopping_ = false;

    // The writer thread's own: whose group it serves, and what the next commit makes durable.
    Line Lines::* taken_ = &Lines::people;
    Instant jobs_served_;
    Requests members_;
    // Deferred to the end of the group; those of the transaction under way begin at late_begin_.
    std::vector<std::pair<Reach, Call>> late_;
    std::size_t late_begin_ = 0;
    Requests ended_;
    std::thread thread_;
};

}  // namespace afterresume::sql
