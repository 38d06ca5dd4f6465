#include "faulty_database.h"

#include <unistd.h>
#include <csignal>

namespace afterresume::faults {

namespace {

// What a transaction does is protected; here it is passed on.
struct Opened : sql::Tx {
    using sql::Tx::next_id;
    using sql::Tx::query;
    using sql::Tx::queue;
};

class FaultyTx : public sql::Tx {
public:
    FaultyTx(std::unique_ptr<sql::Tx> inner, Failpoint& failpoint, std::string_view who)
        : inner_(std::move(inner)), failpoint_(failpoint), who_(who) {}

    Task<void> commit() override {
        if (wrote_) {
            // What was deferred is on its way with this, and done when it is answered.
            co_await inner_->one<std::int64_t>(nothing);
            failpoint_.pass("committing_" + who_);
        }
        co_await inner_->commit();
        if (wrote_) failpoint_.pass("committed_" + who_);
        committed();
    }
    Task<void> rollback() override { return inner_->rollback(); }
    void unlock_early() override { inner_->unlock_early(); }
    sql::Dialect dialect() const override { return inner_->dialect(); }

protected:
    Task<std::unique_ptr<sql::Result>> query(
        const sql::Statement& statement, sql::Arguments arguments
    ) override {
        return ((*inner_).*(&Opened::query))(statement, std::move(arguments));
    }
    void queue(const sql::Statement& statement, sql::Arguments arguments) override {
        wrote_ = true;
        ((*inner_).*(&Opened::queue))(statement, std::move(arguments));
    }
    Task<std::int64_t> next_id() override { return ((*inner_).*(&Opened::next_id))(); }

private:
    static constexpr sql::Statement nothing{"faults.nothing", "SELECT 1 AS one"};

    std::unique_ptr<sql::Tx> inner_;
    Failpoint& failpoint_;
    std::string who_;
    bool wrote_ = false;
};

}  // namespace

void Failpoint::pass(std::string_view place) {
    if (place != place_ || --left_ != 0) return;
    ::kill(::getpid(), SIGKILL);
    ::pause();
}

std::unique_ptr<sql::Tx> FaultyDatabase::begin(const Scope& scope, sql::Access access) {
    auto tx = inner_.begin(scope, access);
    if (access == sql::Access::read) return tx;
    return std::make_unique<FaultyTx>(std::move(tx), failpoint_, "work");
}

std::unique_ptr<sql::Tx> FaultyDatabase::begin_anonymous(sql::Access access) {
    return inner_.begin_anonymous(access);
}

std::unique_ptr<sql::Tx> FaultyDatabase::begin_engine(sql::Access access) {
    auto tx = inner_.begin_engine(access);
    if (access == sql::Access::read) return tx;
    return std::make_unique<FaultyTx>(std::move(tx), failpoint_, "turn");
}

}  // namespace afterresume::faults
