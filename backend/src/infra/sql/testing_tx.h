// A transaction that passes everything on to another, and the same for a database. For tests that
// change one thing of it.
#pragma once

#include "infra/sql/database.h"

namespace afterresume::sql {

class PassingTx : public Tx {
public:
    explicit PassingTx(std::unique_ptr<Tx> inner) : inner_(std::move(inner)) {}

    Task<void> commit() override {
        co_await inner_->commit();
        committed();
    }
    Task<void> commit_unflushed() override { return inner_->commit_unflushed(); }
    Task<void> flush() override {
        co_await inner_->flush();
        committed();
    }
    Task<void> rollback() override { return inner_->rollback(); }
    void unlock_early() override { inner_->unlock_early(); }
    Dialect dialect() const override { return inner_->dialect(); }

protected:
    Task<std::unique_ptr<Result>> query(const Statement& statement, Arguments arguments) override {
        return ((*inner_).*(&Opened::query))(statement, std::move(arguments));
    }
    void queue(const Statement& statement, Arguments arguments) override {
        ((*inner_).*(&Opened::queue))(statement, std::move(arguments));
    }
    Task<std::int64_t> next_id() override { return ((*inner_).*(&Opened::next_id))(); }

    Tx& inner() { return *inner_; }

private:
    // What a transaction does is protected; here it is passed on.
    struct Opened : Tx {
        using Tx::next_id;
        using Tx::query;
        using Tx::queue;
    };

    std::unique_ptr<Tx> inner_;
};

// The wrapped database must outlive it.
class PassingDatabase : public Database {
public:
    explicit PassingDatabase(Database& inner) : inner_(inner) {}

    std::unique_ptr<Tx> begin(const Scope& scope, Access access) override {
        return inner_.begin(scope, access);
    }
    std::unique_ptr<Tx> begin_anonymous(Access access) override {
        return inner_.begin_anonymous(access);
    }
    std::unique_ptr<Tx> begin_engine(Access access) override { return inner_.begin_engine(access); }
    Dialect dialect() const override { return inner_.dialect(); }
    Task<void> ping() override { return inner_.ping(); }
    Task<void> close() override { return inner_.close(); }

private:
    Database& inner_;
};

}  // namespace afterresume::sql
