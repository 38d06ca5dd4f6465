#include "faulty_database.h"

#include <unistd.h>
#include <csignal>

namespace afterresume::faults {

namespace {

class FaultyTx : public sql::PassingTx {
public:
    FaultyTx(std::unique_ptr<sql::Tx> inner, Failpoint& failpoint, std::string_view who)
        : PassingTx(std::move(inner)), failpoint_(failpoint), who_(who) {}

    Task<void> commit() override {
        co_await come_to_commit();
        co_await PassingTx::commit();
        pass("committed_");
    }
    Task<void> commit_unflushed() override {
        co_await come_to_commit();
        co_await PassingTx::commit_unflushed();
        pass("committed_");
    }

protected:
    void queue(const sql::Statement& statement, sql::Arguments arguments) override {
        wrote_ = true;
        PassingTx::queue(statement, std::move(arguments));
    }

private:
    static constexpr sql::Statement nothing{"faults.nothing", "SELECT 1 AS one"};

    Task<void> come_to_commit() {
        // What was deferred is on its way with this, and done when it is answered.
        if (wrote_) co_await inner().one<std::int64_t>(nothing);
        pass("committing_");
    }
    void pass(std::string_view moment) {
        if (wrote_) failpoint_.pass(std::string(moment) + who_);
    }

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
    auto tx = PassingDatabase::begin(scope, access);
    if (access == sql::Access::read) return tx;
    return std::make_unique<FaultyTx>(std::move(tx), failpoint_, "work");
}

std::unique_ptr<sql::Tx> FaultyDatabase::begin_engine(sql::Access access) {
    auto tx = PassingDatabase::begin_engine(access);
    if (access == sql::Access::read) return tx;
    return std::make_unique<FaultyTx>(std::move(tx), failpoint_, "turn");
}

}  // namespace afterresume::faults
