// The program's own database, but a request may say at which of its commits the process dies: what
// kill -9 leaves behind at the one moment that is wanted. Linked into a program for tests; no
// shipped target knows this file.
#define open_database open_database_as_written
#include "app/databases.cpp"  // NOLINT(bugprone-suspicious-include)
#undef open_database

#include "infra/sql/testing_tx.h"

#include <unistd.h>
#include <charconv>
#include <csignal>
#include <map>

namespace afterresume::faults {

namespace {

// A correlation id of dead0nnn-… dies before its n-th commit, when the database has done every
// statement; dead1nnn-… after it, when it is durable and nobody here has learnt of it. In
// hexadecimal digits; jobs that come of the request die not.
struct Death {
    bool after = false;
    int commit = 0;
};

std::optional<Death> death_of(const Scope& scope) {
    auto wish = scope.correlation().text();
    if (!wish.starts_with("dead") || !(scope.cause().job == Uuid{})) return std::nullopt;
    Death death{wish[4] == '1'};
    std::from_chars(&wish[5], &wish[8], death.commit, 16);
    return death;
}

class DyingTx : public sql::PassingTx {
public:
    DyingTx(std::unique_ptr<sql::Tx> inner, Death death, int& commits)
        : PassingTx(std::move(inner)), death_(death), commits_(commits) {}

    Task<void> commit() override {
        auto dies = ++commits_ == death_.commit;
        // What was deferred is on its way with this, and done when it is answered.
        if (dies) co_await inner().one<std::int64_t>(nothing);
        if (dies && !death_.after) die();
        co_await PassingTx::commit();
        if (dies) die();
    }

private:
    static constexpr sql::Statement nothing{"faults.nothing", "SELECT 1 AS one"};

    static void die() {
        ::kill(::getpid(), SIGKILL);
        ::pause();
    }

    Death death_;
    int& commits_;
};

class DyingDatabase : public sql::PassingDatabase {
public:
    explicit DyingDatabase(std::unique_ptr<sql::Database> inner)
        : PassingDatabase(*inner), inner_(std::move(inner)) {}

    std::unique_ptr<sql::Tx> begin(const Scope& scope, sql::Access access) override {
        auto tx = PassingDatabase::begin(scope, access);
        auto death = death_of(scope);
        if (access == sql::Access::read || !death) return tx;
        auto& commits = commits_[scope.correlation().text()];
        return std::make_unique<DyingTx>(std::move(tx), *death, commits);
    }

private:
    std::unique_ptr<sql::Database> inner_;
    // Of each request so far.
    std::map<std::string, int> commits_;
};

}  // namespace

}  // namespace afterresume::faults

namespace afterresume::app {

std::unique_ptr<sql::Database> open_database(
    boost::asio::io_context& io, const config::Settings& settings, const std::string& secret,
    observability::Log& log
) {
    return std::make_unique<faults::DyingDatabase>(
        open_database_as_written(io, settings, secret, log)
    );
}

}  // namespace afterresume::app
