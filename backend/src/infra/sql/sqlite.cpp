#include "infra/sql/sqlite.h"

#include "infra/sql/sqlite_core.h"

#include <utility>

namespace afterresume::sql {

namespace {

class SqliteTx final : public Tx {
public:
    SqliteTx(std::shared_ptr<SqliteCore> core, Reach reach, Access access)
        : core_(std::move(core)), reach_(reach), access_(access) {}

    ~SqliteTx() override { abandon(); }

    Task<void> commit() override {
        check();
        if (session_ || !deferred_.empty()) {
            auto flight = next_flight();
            flight.commit = true;
            co_await fly(std::move(flight));
        }
        over_ = true;
        committed();
    }

    // The writer undoes it before it serves anybody else.
    Task<void> rollback() override {
        abandon();
        co_return;
    }

    Dialect dialect() const override { return Dialect::sqlite; }

protected:
    Task<std::unique_ptr<Result>> query(const Statement& statement, Arguments arguments) override {
        check();
        if (statement.late) throw std::logic_error("a late statement can only be deferred");
        deferred_.push_back({statement, std::move(arguments)});
        if (access_ == Access::write && !session_) session_ = std::make_shared<WriteSession>();
        co_return co_await fly(next_flight());
    }

    void queue(const Statement& statement, Arguments arguments) override {
        check();
        deferred_.push_back({statement, std::move(arguments)});
    }

    Task<std::int64_t> next_id() override {
        if (own_ids_.next < own_ids_.end) co_return own_ids_.next++;
        if (core_->has_ids() || !session_) co_return co_await core_->next_id();
        // The writer is this transaction's own, so a reservation by another would wait for it for
        // ever.
        own_ids_ = SqliteCore::granted(*co_await query(SqliteCore::reserve_ids(), {}));
        co_return own_ids_.next++;
    }

private:
    void check() const {
        if (over_)
            throw Error(ErrorKind::internal, "sql.transaction_over", "The transaction is over.");
    }

    SqliteCore::Flight next_flight() {
        return {
            .reach = reach_,
            .calls = std::exchange(deferred_, {}),
            .session = session_,
            .commit = false
        };
    }

    Task<std::unique_ptr<Result>> fly(SqliteCore::Flight flight) {
        try {
            co_return co_await (
                access_ == Access::write ? core_->write(std::move(flight))
                                         : core_->read(std::move(flight))
            );
        } catch (...) {
            abandon();
            throw;
        }
    }

    void abandon() {
        if (!std::exchange(over_, true) && session_) core_->abandon(session_);
    }

    std::shared_ptr<SqliteCore> core_;
    Reach reach_;
    Access access_;
    std::vector<Call> deferred_;
    std::shared_ptr<WriteSession> session_;
    SqliteCore::Ids own_ids_;
    bool over_ = false;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(boost::asio::io_context& io, SqliteOptions options)
        : core_(std::make_shared<SqliteCore>(io, std::move(options))) {}
    ~SqliteDatabase() override { core_->stop(); }

    std::unique_ptr<Tx> begin(const Scope& scope, Access access) override {
        auto of_job = scope.cause().job != Uuid{};
        return begin(
            Reach{.tenant = scope.tenant().value, .user = scope.user().value, .background = of_job},
            access
        );
    }
    std::unique_ptr<Tx> begin_anonymous(Access access) override { return begin(Reach{}, access); }
    std::unique_ptr<Tx> begin_engine(Access access) override {
        return begin(Reach{.tenant = {}, .user = {}, .engine = true, .background = true}, access);
    }

    Dialect dialect() const override { return Dialect::sqlite; }

    Task<void> ping() override {
        static constexpr Statement statement{"ping", "SELECT 1"};
        co_await core_->read({.reach = {}, .calls = {Call{statement, {}}}});
    }

    Task<void> close() override {
        // First come, first served: when this empty transaction is over, so is every earlier one.
        co_await core_->write({.reach = {}, .calls = {}, .session = {}, .commit = true});
        core_->stop();
    }

private:
    std::unique_ptr<Tx> begin(Reach reach, Access access) {
        return std::make_unique<SqliteTx>(core_, reach, access);
    }

    std::shared_ptr<SqliteCore> core_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(boost::asio::io_context& io, SqliteOptions options) {
    return std::make_unique<SqliteDatabase>(io, std::move(options));
}

}  // namespace afterresume::sql
