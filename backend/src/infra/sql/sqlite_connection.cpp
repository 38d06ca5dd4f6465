#include "infra/sql/sqlite_connection.h"

#include "infra/sql/sqlite_error.h"
#include "infra/sql/sqlite_library.h"
#include "infra/sql/sqlite_result.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

namespace afterresume::sql {

namespace {

// A program has a few hundred statements; more than that are built at run time and not worth
// keeping.
constexpr std::size_t most_prepared = 1'024;
// Virtual machine steps between two looks at the clock.
constexpr int steps_between_looks = 20'000;

struct Binder {
    sqlite3_stmt* statement;
    int at;

    int operator()(std::monostate) const { return sqlite3_bind_null(statement, at); }
    int operator()(bool value) const { return sqlite3_bind_int(statement, at, value ? 1 : 0); }
    int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, at, value); }
    int operator()(double value) const { return sqlite3_bind_double(statement, at, value); }
    int operator()(const std::string& value) const {
        if (value.find('\0') != std::string::npos) {
            throw Error(ErrorKind::invalid, "sql.text", "A text must not hold the character NUL.");
        }
        return sqlite3_bind_text64(
            statement, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8
        );
    }
    int operator()(const Blob& value) const {
        if (value.bytes.empty()) return sqlite3_bind_zeroblob(statement, at, 0);
        return sqlite3_bind_blob64(
            statement, at, value.bytes.data(), value.bytes.size(), SQLITE_STATIC
        );
    }
    int operator()(const JsonText& value) const { return (*this)(value.text); }
    int operator()(Timestamp value) const {
        return sqlite3_bind_int64(statement, at, value.time_since_epoch().count());
    }
    int operator()(const LocalDate& value) const { return copied(value.text()); }
    int operator()(const Uuid& value) const { return copied(value.text()); }
    int copied(const std::string& value) const {
        return sqlite3_bind_text64(
            statement, at, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8
        );
    }
};

void add_field(SqliteResult& result, sqlite3_stmt* statement, int column) {
    auto bytes = [&](Cell::Kind kind, const void* data) {
        auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        result.add_bytes(kind, static_cast<const char*>(data), size);
    };
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER:
            return result.add_integer(sqlite3_column_int64(statement, column));
        case SQLITE_FLOAT:
            return result.add_real(sqlite3_column_double(statement, column));
        case SQLITE_TEXT:
            return bytes(Cell::Kind::text, sqlite3_column_text(statement, column));
        case SQLITE_BLOB:
            return bytes(Cell::Kind::bytes, sqlite3_column_blob(statement, column));
        default:
            return result.add_null();
    }
}

const char* text_of(SqliteConnection::Control what) {
    switch (what) {
        case SqliteConnection::Control::begin_read:
            return "BEGIN";
        case SqliteConnection::Control::begin_write:
            return "BEGIN IMMEDIATE";
        case SqliteConnection::Control::commit:
            return "COMMIT";
        case SqliteConnection::Control::rollback:
            return "ROLLBACK";
        case SqliteConnection::Control::savepoint:
            return "SAVEPOINT one";
        case SqliteConnection::Control::release:
            return "RELEASE one";
        case SqliteConnection::Control::undo:
            return "ROLLBACK TO one";
    }
    return "";
}

}  // namespace

struct SqliteConnection::Prepared {
    std::string text;
    std::vector<std::string> names;
    StatementHandle statement;
    SqliteResult::Columns columns;
    bool reads = true;
    SqliteResult::Room room;
};

void SqliteConnection::Closer::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}
void SqliteConnection::Finalizer::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

SqliteConnection::SqliteConnection(const SqliteOptions& options, Access access)
    : statement_timeout_(options.statement_timeout),
      deadline_(std::chrono::steady_clock::time_point::max()) {
    open(options, access);
    configure(options, access);
    fence_ = std::make_unique<SqliteFence>(connection_.get(), options, access);
    if (access == Access::read) execute("PRAGMA query_only = ON");
    controls_.resize(static_cast<std::size_t>(Control::undo) + 1);
    sqlite3_progress_handler(connection_.get(), steps_between_looks, out_of_time, this);
}

SqliteConnection::~SqliteConnection() = default;

void SqliteConnection::open(const SqliteOptions& options, Access access) {
    set_up_sqlite();
    sqlite3* opened = nullptr;
    auto code = sqlite3_open_v2(
        options.file.c_str(), &opened,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr
    );
    connection_.reset(opened);
    auto refuse = [&](std::string_view why) {
        throw SqliteError(
            ErrorKind::unavailable, "sql.away",
            fmt::format("The database {} {}.", options.file.string(), why),
            {"open", code, opened != nullptr ? sqlite3_errmsg(opened) : "no memory"}
        );
    };
    if (code != SQLITE_OK)
        refuse(
            std::filesystem::exists(options.file) ? "cannot be opened"
                                                  : "does not exist; run `migrate` first"
        );
    // Opening reads nothing; this does.
    code = sqlite3_exec(opened, "PRAGMA schema_version", nullptr, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_NOTADB) refuse("is not an SQLite database");
    if ((code & 0xff) == SQLITE_CORRUPT) refuse("is damaged; restore a backup");
    if (code != SQLITE_OK) refuse("cannot be read");
    if (access == Access::write && sqlite3_db_readonly(opened, "main") == 1)
        refuse("cannot be written to");
}

void SqliteConnection::configure(const SqliteOptions& options, Access access) {
    sqlite3_busy_timeout(connection_.get(), static_cast<int>(options.busy_timeout.count()));
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (access == Access::write) execute("PRAGMA journal_mode = WAL");
    execute(fmt::format("PRAGMA synchronous = {}", options.synchronous_full ? "FULL" : "NORMAL"));
    execute("PRAGMA foreign_keys = ON");
    execute("PRAGMA temp_store = MEMORY");
    execute(fmt::format("PRAGMA cache_size = -{}", options.cache_kib));
    execute(fmt::format("PRAGMA mmap_size = {}", options.mmap_bytes));
    // A long read makes the log grow; afterwards it shrinks to this.
    execute("PRAGMA journal_size_limit = 67108864");
}

void SqliteConnection::execute(const std::string& sql) {
    auto code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw sqlite_error(connection_.get(), code, sql);
}

int SqliteConnection::out_of_time(void* connection) {
    return std::chrono::steady_clock::now() > static_cast<SqliteConnection*>(connection)->deadline_
               ? 1
               : 0;
}

bool SqliteConnection::in_transaction() const {
    return sqlite3_get_autocommit(connection_.get()) == 0;
}

void SqliteConnection::control(Control what) {
    auto& statement = controls_[static_cast<std::size_t>(what)];
    if (!statement) {
        sqlite3_stmt* made = nullptr;
        auto code = sqlite3_prepare_v3(
            connection_.get(), text_of(what), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr
        );
        if (code != SQLITE_OK) throw sqlite_error(connection_.get(), code, text_of(what));
        statement.reset(made);
    }
    deadline_ = std::chrono::steady_clock::time_point::max();
    auto code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) {
        sqlite3_reset(statement.get());
        return;
    }
    auto error = sqlite_error(connection_.get(), code, text_of(what));
    sqlite3_reset(statement.get());
    throw error;
}

SqliteConnection::Prepared& SqliteConnection::prepared(const Statement& statement) {
    auto text = statement.for_dialect(Dialect::sqlite);
    auto found = prepared_.find(text.data());
    if (found != prepared_.end() && found->second->text == text) return *found->second;

    auto positional = to_positional(text, Dialect::sqlite);
    auto made = std::make_unique<Prepared>();
    made->text = text;
    made->names = std::move(positional.names);
    made->statement.reset(fence_->prepare(statement.name, positional.text));
    made->reads = sqlite3_stmt_readonly(made->statement.get()) != 0;
    std::vector<std::string> columns;
    for (int column = 0; column < sqlite3_column_count(made->statement.get()); ++column) {
        columns.emplace_back(sqlite3_column_name(made->statement.get(), column));
    }
    made->columns = std::make_shared<const std::vector<std::string>>(std::move(columns));
    if (prepared_.size() >= most_prepared) prepared_.clear();
    return *(prepared_[text.data()] = std::move(made));
}

std::unique_ptr<Result> SqliteConnection::run(
    const Statement& statement, const Arguments& arguments, Reach reach
) {
    auto& ready = prepared(statement);
    auto* handle = ready.statement.get();
    for (std::size_t at = 0; at < ready.names.size(); ++at) {
        auto code =
            std::visit(Binder{handle, static_cast<int>(at) + 1}, arguments.get(ready.names[at]));
        if (code != SQLITE_OK) throw sqlite_error(connection_.get(), code, statement.name);
    }
    fence_->act_for(reach);
    deadline_ = std::chrono::steady_clock::now() + statement_timeout_;
    return collect(ready, statement);
}

std::unique_ptr<Result> SqliteConnection::collect(Prepared& prepared, const Statement& statement) {
    auto* handle = prepared.statement.get();
    auto result = std::make_unique<SqliteResult>(prepared.columns);
    result->reserve(prepared.room);
    auto columns = sqlite3_column_count(handle);
    int code = 0;
    while ((code = sqlite3_step(handle)) == SQLITE_ROW) {
        for (int column = 0; column < columns; ++column) add_field(*result, handle, column);
    }
    if (code != SQLITE_DONE) {
        auto error = sqlite_error(connection_.get(), code, statement.name);
        sqlite3_reset(handle);
        throw error;
    }
    if (!prepared.reads) result->set_changed(sqlite3_changes64(connection_.get()));
    sqlite3_reset(handle);
    prepared.room = result->room();
    return result;
}

}  // namespace afterresume::sql
