// What travels to PostgreSQL together, between two Syncs: statements with their parameters, and who
// waits for the end of it. Made by transactions, carried by connections.
#pragma once

#include "core/task.h"
#include "infra/sql/postgres_result.h"
#include "infra/sql/statement.h"
#include "infra/sql/value.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace afterresume::sql {

// A statement as PostgreSQL takes it. Connections prepare it under its number.
struct ParsedStatement {
    std::uint64_t number = 0;
    std::string name;
    // As the program wrote it, with :names.
    std::string source;
    std::string text;
    std::vector<std::string> parameters;
};
using ParsedStatementPointer = std::shared_ptr<const ParsedStatement>;

// The statements used last; known by their text, as pointers may be used again.
class StatementCache {
public:
    explicit StatementCache(std::size_t limit) : limit_(limit) {}
    ParsedStatementPointer get(const Statement& statement);

private:
    std::size_t limit_;
    std::uint64_t next_number_ = 1;
    std::list<ParsedStatementPointer> recent_;
    std::unordered_map<std::string_view, std::list<ParsedStatementPointer>::iterator> by_text_;
};

// Parameters in PostgreSQL's text form, one after the other in one buffer.
class Parameters {
public:
    // Throws Error(invalid, "sql.text") for a text with a NUL, which PostgreSQL cannot hold.
    void add(const Value& value);
    void add_text(std::string_view text);

    std::size_t size() const { return begins_.size(); }
    // As libpq takes them; nullptr is NULL. Valid as long as nothing is added.
    void pointers(std::vector<const char*>& out) const;

private:
    std::string buffer_;
    std::vector<std::size_t> begins_;
};

struct Command {
    ParsedStatementPointer statement;
    Parameters parameters;
};

// How a flight ended: the last statement's rows, or what went wrong.
struct Outcome {
    std::unique_ptr<Result> result;
    // The rows of every statement, where the flight keeps them; `result` is empty then.
    std::vector<std::unique_ptr<Result>> all = {};
    std::exception_ptr error;
    // Whether a statement is known to have changed rows.
    bool wrote = false;
};

struct Flight {
    std::vector<Command> commands;
    // Called once, on the io_context's thread, never from within the call that sends.
    std::function<void(Outcome)> land;
    bool keeps_all = false;
};

// Where a flight lands that nobody waits for yet.
struct Landing {
    std::optional<Outcome> outcome = {};
    std::function<void(Outcome)> waiting = {};

    void land(Outcome landed) {
        if (waiting) {
            std::exchange(waiting, {})(std::move(landed));
        } else {
            outcome = std::move(landed);
        }
    }
    void wait(std::function<void(Outcome)> call) {
        if (outcome) {
            call(std::move(*outcome));
        } else {
            waiting = std::move(call);
        }
    }
};

// Suspends a coroutine until `start`, which is given a callback, has it called with a T.
template <class T, class Start>
Task<T> called_back(Start start) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(T)>(
        [](auto handler, Start begin) {
            auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
            begin([waiting](T value) { std::move (*waiting)(std::move(value)); });
        },
        boost::asio::use_awaitable, std::move(start)
    );
}

}  // namespace afterresume::sql
