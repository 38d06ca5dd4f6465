// A database in which the process dies at a chosen place: what kill -9 leaves behind, at the one
// moment that is wanted. For tests; the wrapped database must outlive it.
#pragma once

#include "infra/sql/testing_tx.h"

#include <string>
#include <string_view>

namespace afterresume::faults {

// Kills the process with SIGKILL when it comes to its place for the n-th time; nowhere when the
// place is empty.
class Failpoint {
public:
    Failpoint(std::string place, int passage) : place_(std::move(place)), left_(passage) {}
    void pass(std::string_view place);

private:
    std::string place_;
    int left_;
};

// Its write transactions pass "committing_work" and "committed_work" when they are a tenant's,
// "committing_turn" and "committed_turn" when they are the engine's: the first when the database
// has done every statement and was not told to commit, the second when it has committed and nobody
// here has learnt of it. Only those count that wrote something.
class FaultyDatabase : public sql::PassingDatabase {
public:
    FaultyDatabase(sql::Database& inner, Failpoint& failpoint)
        : PassingDatabase(inner), failpoint_(failpoint) {}

    std::unique_ptr<sql::Tx> begin(const Scope& scope, sql::Access access) override;
    std::unique_ptr<sql::Tx> begin_engine(sql::Access access) override;

private:
    Failpoint& failpoint_;
};

}  // namespace afterresume::faults
