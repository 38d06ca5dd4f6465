#include "store.h"

#include "core/error.h"

#include <utility>

namespace afterresume::lives {

namespace {

using Control = sql::SqliteConnection::Control;

constexpr std::chrono::seconds longest_silence{2};

}  // namespace

Store::Store(Course& course, const sql::SqliteOptions& options)
    : course_(course), writer_(options, sql::Access::write), reader_(options, sql::Access::read) {}

bool Store::admits(Session& session) {
    if (session.over || holder_ == &session) return true;
    if (holder_ != nullptr && course_.time() - holder_->spoke > longest_silence) drop(*holder_);
    if (holder_ != nullptr) return false;
    writer_.control(Control::begin_write);
    holder_ = &session;
    return true;
}

std::unique_ptr<sql::Result> Store::write(
    Session& session, std::vector<sql::Call> calls, sql::Reach reach, bool commit
) {
    if (session.over)
        throw Error(ErrorKind::unavailable, "sql.away", "The transaction took too long.");
    session.spoke = course_.time();
    try {
        auto result = run(writer_, calls, reach);
        if (commit) {
            writer_.control(Control::commit);
            holder_ = nullptr;
            session.over = true;
        }
        return result;
    } catch (...) {
        drop(session);
        throw;
    }
}

void Store::drop(Session& session) {
    session.over = true;
    if (holder_ != &session) return;
    holder_ = nullptr;
    if (writer_.in_transaction()) writer_.control(Control::rollback);
}

std::unique_ptr<sql::Result> Store::read(std::vector<sql::Call> calls, sql::Reach reach) {
    return run(reader_, calls, reach);
}

std::unique_ptr<sql::Result> Store::run(
    sql::SqliteConnection& connection, std::vector<sql::Call>& calls, sql::Reach reach
) {
    std::unique_ptr<sql::Result> result;
    for (auto& call : calls) {
        // What goes by the database's clock on PostgreSQL goes by that one here, too.
        if (call.statement.text.find("clock_timestamp()") != std::string_view::npos) {
            call.arguments.add(sql::named("now", course_.wall()));
            call.arguments.add(sql::named("host", course_.wall()));
        }
        result = connection.run(call.statement, call.arguments, reach);
        course_.note(fmt::format(
            "{}: {} rows, {} changed", call.statement.name, result->rows(), result->changed()
        ));
    }
    return result;
}

}  // namespace afterresume::lives
