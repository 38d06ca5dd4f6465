// One connection to the file, with its fence and its prepared statements. Owned and used by one
// thread.
#pragma once

#include "infra/sql/sqlite_fence.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace afterresume::sql {

class SqliteConnection {
public:
    // Throws Error as open_sqlite does.
    SqliteConnection(const SqliteOptions& options, Access access);
    ~SqliteConnection();
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    // Runs a statement to its end. Throws SqliteError, or std::logic_error for a mistake in the
    // program.
    std::unique_ptr<Result> run(
        const Statement& statement, const Arguments& arguments, Reach reach
    );

    enum class Control { begin_read, begin_write, commit, rollback, savepoint, release, undo };
    // Throws SqliteError.
    void control(Control what);
    // False once SQLite has rolled the whole transaction back by itself, as it does when the disk
    // is full.
    bool in_transaction() const;

private:
    struct Prepared;
    struct Closer {
        void operator()(sqlite3* connection) const;
    };
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const;
    };
    using StatementHandle = std::unique_ptr<sqlite3_stmt, Finalizer>;

    void open(const SqliteOptions& options, Access access);
    void configure(const SqliteOptions& options, Access access);
    void execute(const std::string& sql);
    Prepared& prepared(const Statement& statement);
    std::unique_ptr<Result> collect(Prepared& prepared, const Statement& statement);
    static int out_of_time(void* connection);

    std::unique_ptr<sqlite3, Closer> connection_;
    std::unique_ptr<SqliteFence> fence_;
    std::vector<StatementHandle> controls_;
    // By where the text lies, which is static; the text itself is compared.
    std::unordered_map<const char*, std::unique_ptr<Prepared>> prepared_;
    std::chrono::milliseconds statement_timeout_;
    std::chrono::steady_clock::time_point deadline_;
};

}  // namespace afterresume::sql
