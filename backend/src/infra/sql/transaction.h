// One transaction on SQLite or PostgreSQL alike. Made by Database.
#pragma once

#include "core/error.h"
#include "core/task.h"
#include "infra/sql/json_rows.h"
#include "infra/sql/statement.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace afterresume::sql {

enum class Access { read, write };

// One transaction. Nothing is kept unless commit() returns; destroying an uncommitted one rolls it
// back in the background.
//
// Read transactions are a series of statements of which each sees its own snapshot and goes out at
// once on a shared pipelined connection. Write transactions wait for nothing as long as they only
// `defer`: what is deferred travels in one flight with the next awaited statement or with the
// commit, so that a transaction that awaits no result costs one round trip, shared flush included.
// The first awaited statement of a write transaction takes a connection of its own, with lock and
// statement timeouts.
//
// Errors: unique violation → conflict "sql.unique" (constraint name in the message); a broken fence
// or check → internal; lock or statement timeout, deadlock, serialisation failure, lost connection
// → unavailable "sql.busy" / "sql.away"; disk full → storage_full "sql.disk_full". After an error
// the transaction can only be rolled back and destroyed.
class Tx {
public:
    virtual ~Tx() = default;
    Tx() = default;
    Tx(const Tx&) = delete;
    Tx& operator=(const Tx&) = delete;

    // Exactly the first row; Error not_found without one.
    template <class T, class... Sources>
    Task<T> one(const Statement& statement, const Sources&... sources) {
        return first_row<T>(query(statement, arguments(sources...)));
    }
    template <class T, class... Sources>
    Task<std::optional<T>> find(const Statement& statement, const Sources&... sources) {
        return first_row_if_any<T>(query(statement, arguments(sources...)));
    }
    template <class T, class... Sources>
    Task<std::vector<T>> all(const Statement& statement, const Sources&... sources) {
        return every_row<T>(query(statement, arguments(sources...)));
    }
    // The first `size` rows as JSON; the statement asks for one more, and its :limit is that.
    template <class T, class Key, class... Sources>
    Task<JsonPage<T, Key>> page(
        std::int64_t size, const Statement& statement, const Sources&... sources
    ) {
        auto parameters = arguments(named("limit", size + 1), sources...);
        return first_page<T, Key>(query(statement, std::move(parameters)), size);
    }
    // Number of rows changed.
    template <class... Sources>
    Task<std::int64_t> execute(const Statement& statement, const Sources&... sources) {
        return changed_rows(query(statement, arguments(sources...)));
    }
    // Sent with the next awaited statement or the commit; its error surfaces there.
    template <class... Sources>
    void defer(const Statement& statement, const Sources&... sources) {
        queue(statement, arguments(sources...));
    }
    // The next number of the database's one id sequence; granted in blocks, so it seldom waits.
    template <class T>
    Task<Id<T>> new_id() {
        return typed_id<T>(next_id());
    }

    // Durable when it returns. Runs what after_commit() was given, in order.
    virtual Task<void> commit() = 0;
    // In two halves: when the first returns, others see what was done, and a crash of the database
    // may still undo it; when the second returns it is durable, as after commit(). One after the
    // other, and nothing else of the transaction. An error of the second leaves open which it is.
    virtual Task<void> commit_unflushed() { return commit(); }
    virtual Task<void> flush() { co_return; }
    // When it returns, nothing the transaction did or locked is in the way of a later one. Ends it,
    // also after an error; does nothing after commit(). Throws nothing.
    virtual Task<void> rollback() = 0;
    // The locks are let go before the disk is waited for, and commit() returns when all is durable
    // as ever. For transactions that lock what many want.
    virtual void unlock_early() {}
    // For wake-ups; must not throw or block.
    void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }

    virtual Dialect dialect() const = 0;

protected:
    virtual Task<std::unique_ptr<Result>> query(
        const Statement& statement, Arguments arguments
    ) = 0;
    virtual void queue(const Statement& statement, Arguments arguments) = 0;
    virtual Task<std::int64_t> next_id() = 0;
    void committed() {
        for (auto& action : after_commit_) action();
        after_commit_.clear();
    }

private:
    template <class T>
    static Task<T> first_row(Task<std::unique_ptr<Result>> pending) {
        auto result = co_await std::move(pending);
        auto rows = rows_as<T>(*result);
        if (rows.empty()) throw Error::not_found("thing");
        co_return std::move(rows.front());
    }
    template <class T>
    static Task<std::optional<T>> first_row_if_any(Task<std::unique_ptr<Result>> pending) {
        auto result = co_await std::move(pending);
        auto rows = rows_as<T>(*result);
        if (rows.empty()) co_return std::nullopt;
        co_return std::move(rows.front());
    }
    template <class T>
    static Task<std::vector<T>> every_row(Task<std::unique_ptr<Result>> pending) {
        auto result = co_await std::move(pending);
        co_return rows_as<T>(*result);
    }
    template <class T, class Key>
    static Task<JsonPage<T, Key>> first_page(
        Task<std::unique_ptr<Result>> pending, std::int64_t size
    ) {
        auto result = co_await std::move(pending);
        co_return json_page<T, Key>(*result, static_cast<std::size_t>(size));
    }
    static Task<std::int64_t> changed_rows(Task<std::unique_ptr<Result>> pending) {
        auto result = co_await std::move(pending);
        co_return result->changed();
    }
    template <class T>
    static Task<Id<T>> typed_id(Task<std::int64_t> pending) {
        auto value = co_await std::move(pending);
        co_return Id<T>{value};
    }

    std::vector<std::function<void()>> after_commit_;
};

}  // namespace afterresume::sql
