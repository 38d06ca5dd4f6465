// SQLite behind Database: one writer thread that commits in groups, and reader threads on
// snapshots. Owned by app/; the io_context must outlive it.
#pragma once

#include "infra/sql/database.h"
#include "infra/sql/table_fences.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace afterresume::sql {

// A statement or commit that SQLite refused: for the log, never for people.
struct SqliteFailure {
    std::string statement;
    // SQLite's extended result code.
    int code = 0;
    std::string message;
};

struct SqliteOptions {
    std::filesystem::path file;

    // Threads with a read-only connection each.
    std::size_t readers = 2;
    // Whether a commit outlives a loss of power (synchronous=FULL), or only the end of the process
    // (NORMAL).
    bool synchronous_full = true;
    // Page cache of each connection; memory is taken as pages are touched.
    std::size_t cache_kib = 4'096;
    // How much of the file may be mapped into memory; 0 maps nothing.
    std::size_t mmap_bytes = 0;

    TableFences fences;

    // A commit group ends when nobody waits, or at either bound.
    std::size_t group_transactions = 256;
    std::chrono::milliseconds group_time{5};
    // What jobs write waits so long while there is no end of what people write.
    std::chrono::milliseconds longest_rest{20};
    // How long the writer waits for the next statement of a transaction that awaited one; then it
    // is rolled back.
    std::chrono::milliseconds holder_timeout{5'000};
    std::chrono::milliseconds statement_timeout{30'000};
    // How long the writer waits for another process to end its write.
    std::chrono::milliseconds busy_timeout{5'000};
    // Requests waiting for the writer, and for the readers; one more is turned away as "sql.busy".
    std::size_t queue_limit = 8'192;

    // Called on the io_context's thread; must not throw or block.
    std::function<void(const SqliteFailure&)> on_failure;
};

// The file must have been migrated (migrations.h). Throws Error: unavailable "sql.away" when the
// file cannot be opened, read or written, or is no database; storage_full "sql.disk_full".
std::unique_ptr<Database> open_sqlite(boost::asio::io_context& io, SqliteOptions options);

// Held by the one process that serves a SQLite database, as long as it lives; the system lets go of
// it when the process ends, however it ends.
class InstanceLock {
public:
    // Makes the file if need be. Throws Error(conflict, "sql.locked") when another process holds
    // it.
    explicit InstanceLock(const std::filesystem::path& file);
    ~InstanceLock();
    InstanceLock(const InstanceLock&) = delete;
    InstanceLock& operator=(const InstanceLock&) = delete;

private:
    int descriptor_;
};

}  // namespace afterresume::sql
