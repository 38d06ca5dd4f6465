// A transaction on PostgreSQL: reads on the shared connections, writes in one flight, and a
// connection of its own from the first awaited statement of a write transaction on.
#pragma once

#include "infra/sql/postgres_core.h"

namespace afterresume::sql {

class PostgresTx final : public Tx {
public:
    // `scope` is what the lane's scope statement takes.
    PostgresTx(
        std::shared_ptr<PostgresCore> core, PostgresLane& lane, Parameters scope, Access access
    );
    ~PostgresTx() override;

    Task<void> commit() override;
    Task<void> commit_unflushed() override;
    Task<void> flush() override;
    Task<void> rollback() override;
    void unlock_early() override { unlocks_early_ = true; }
    Dialect dialect() const override { return Dialect::postgres; }

protected:
    Task<std::unique_ptr<Result>> query(const Statement& statement, Arguments arguments) override;
    void queue(const Statement& statement, Arguments arguments) override;
    Task<std::int64_t> next_id() override;

private:
    enum class State { open, failed, unflushed, committed };

    // Throws std::logic_error when the transaction has failed or ended.
    void must_be_open() const;
    Task<Outcome> read(Command command);
    Task<Outcome> on_own_connection(Command command);
    Task<Outcome> commit_deferred();
    void finish(const Outcome& outcome);

    std::shared_ptr<PostgresCore> core_;
    PostgresLane& lane_;
    Parameters scope_;
    Access access_;
    State state_ = State::open;
    bool unlocks_early_ = false;
    std::vector<Command> deferred_;
    PostgresConnectionPointer connection_;
    // Of the barrier behind a commit that did not wait for the disk.
    std::shared_ptr<Landing> flushed_;
};

}  // namespace afterresume::sql
