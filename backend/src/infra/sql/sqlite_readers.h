// Threads that answer queries, each on its own connection and from the newest snapshot. Owned by
// the database.
#pragma once

#include "infra/sql/sqlite_connection.h"
#include "infra/sql/sqlite_request.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace afterresume::sql {

class SqliteReaders {
public:
    SqliteReaders(const SqliteOptions& options, std::shared_ptr<Deliveries> deliveries);
    ~SqliteReaders();
    SqliteReaders(const SqliteReaders&) = delete;
    SqliteReaders& operator=(const SqliteReaders&) = delete;

    // False when too many wait or the readers have been stopped; the request is then still the
    // caller's.
    bool send(std::unique_ptr<Request>& request);
    // Answers what waits and ends the threads.
    void stop();

private:
    void work();
    bool take(Requests& batch);
    void answer(std::unique_ptr<SqliteConnection>& connection, Requests& batch);

    const SqliteOptions& options_;
    std::shared_ptr<Deliveries> deliveries_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::unique_ptr<Request>> waiting_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace afterresume::sql
