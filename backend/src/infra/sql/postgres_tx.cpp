#include "infra/sql/postgres_tx.h"

#include <stdexcept>

namespace afterresume::sql {

namespace {

Task<Outcome> send(PostgresConnectionPointer connection, std::vector<Command> commands) {
    auto begin = [connection, &commands](std::function<void(Outcome)> land) {
        connection->send(Flight{std::move(commands), std::move(land)});
    };
    co_return co_await called_back<Outcome>(std::move(begin));
}

}  // namespace

PostgresTx::PostgresTx(
    std::shared_ptr<PostgresCore> core, PostgresLane& lane, Parameters scope, Access access
)
    : core_(std::move(core)), lane_(lane), scope_(std::move(scope)), access_(access) {
    core_->began();
}

PostgresTx::~PostgresTx() {
    if (connection_) lane_.pool->give_back(std::move(connection_), PostgresPool::Left::open);
    core_->ended();
}

void PostgresTx::must_be_open() const {
    if (state_ != State::open) throw std::logic_error("the transaction has failed or ended");
}

Task<std::unique_ptr<Result>> PostgresTx::query(const Statement& statement, Arguments arguments) {
    must_be_open();
    auto command = core_->command(statement, arguments);
    state_ = State::failed;
    auto outcome = access_ == Access::read ? co_await read(std::move(command))
                                           : co_await on_own_connection(std::move(command));
    if (outcome.error) std::rethrow_exception(outcome.error);
    state_ = State::open;
    co_return std::move(outcome.result);
}

void PostgresTx::queue(const Statement& statement, Arguments arguments) {
    must_be_open();
    if (access_ == Access::read) throw std::logic_error("a read transaction defers nothing");
    deferred_.push_back(core_->command(statement, arguments));
}

Task<std::int64_t> PostgresTx::next_id() { return core_->ids().next(); }

Task<Outcome> PostgresTx::read(Command command) {
    Batch batch{scope_, {}, {}};
    batch.commands.push_back(std::move(command));
    auto begin = [this, &batch](std::function<void(Outcome)> land) {
        batch.land = std::move(land);
        lane_.reads->read(std::move(batch));
    };
    co_return co_await called_back<Outcome>(std::move(begin));
}

Task<Outcome> PostgresTx::on_own_connection(Command command) {
    std::vector<Command> commands;
    if (!connection_) {
        // Who is away for all is away here, too; the shared connections alone keep knocking.
        if (!lane_.pipeline->hopeful()) throw away();
        connection_ = co_await lane_.pool->take();
        commands.push_back(Command{core_->begin, {}});
        if (lane_.scope.durable) commands.push_back(Command{lane_.scope.durable, scope_});
    }
    std::move(deferred_.begin(), deferred_.end(), std::back_inserter(commands));
    deferred_.clear();
    commands.push_back(std::move(command));
    co_return co_await send(connection_, std::move(commands));
}

Task<Outcome> PostgresTx::commit_deferred() {
    auto begin = [this](std::function<void(Outcome)> land) {
        lane_.commits->commit(
            Batch{std::move(scope_), std::move(deferred_), std::move(land), unlocks_early_}
        );
    };
    co_return co_await called_back<Outcome>(std::move(begin));
}

Task<void> PostgresTx::commit() {
    must_be_open();
    state_ = State::failed;
    if (connection_) {
        if (unlocks_early_) deferred_.push_back(Command{core_->relax, {}});
        deferred_.push_back(Command{core_->commit, {}});
        if (unlocks_early_) deferred_.push_back(Command{core_->barrier, {}});
        finish(co_await send(connection_, std::move(deferred_)));
    } else {
        finish(deferred_.empty() ? Outcome{} : co_await commit_deferred());
    }
}

void PostgresTx::finish(const Outcome& outcome) {
    if (outcome.error) std::rethrow_exception(outcome.error);
    if (connection_) lane_.pool->give_back(std::move(connection_), PostgresPool::Left::clean);
    state_ = State::committed;
    committed();
}

// The barrier follows in a flight of its own, whose answer does not keep that of the commit.
Task<void> PostgresTx::commit_unflushed() {
    if (!connection_) co_return co_await commit();
    must_be_open();
    state_ = State::failed;
    deferred_.push_back(Command{core_->relax, {}});
    deferred_.push_back(Command{core_->commit, {}});
    auto flushed = std::make_shared<Landing>();
    auto begin = [this, &flushed](std::function<void(Outcome)> land) {
        connection_->send(Flight{std::move(deferred_), std::move(land)});
        std::vector<Command> barrier;
        barrier.push_back(Command{core_->barrier, {}});
        connection_->send(Flight{std::move(barrier), [flushed](Outcome outcome) {
                                     flushed->land(std::move(outcome));
                                 }});
    };
    auto outcome = co_await called_back<Outcome>(std::move(begin));
    if (outcome.error) std::rethrow_exception(outcome.error);
    flushed_ = std::move(flushed);
    state_ = State::unflushed;
}

Task<void> PostgresTx::flush() {
    if (state_ == State::committed) co_return;
    if (state_ != State::unflushed) throw std::logic_error("the transaction was not committed");
    state_ = State::failed;
    auto begin = [this](std::function<void(Outcome)> land) { flushed_->wait(std::move(land)); };
    finish(co_await called_back<Outcome>(std::move(begin)));
}

Task<void> PostgresTx::rollback() {
    if (state_ == State::open) state_ = State::failed;
    deferred_.clear();
    if (!connection_) co_return;
    if (connection_->ready()) {
        std::vector<Command> commands;
        commands.push_back(Command{core_->rollback, {}});
        // It fails only with its connection, and with that the transaction is gone too.
        co_await send(connection_, std::move(commands));
    }
    lane_.pool->give_back(std::move(connection_), PostgresPool::Left::clean);
}

}  // namespace afterresume::sql
