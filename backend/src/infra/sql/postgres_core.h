// What the transactions of one PostgreSQL database share: a lane of connections for each role, the
// statements, the ids. Owned by the Database and by the transactions that are under way.
#pragma once

#include "infra/sql/postgres_ids.h"
#include "infra/sql/postgres_pool.h"
#include "infra/sql/postgres_reads.h"

namespace afterresume::sql {

// The connections of one role.
struct PostgresLane {
    std::shared_ptr<PostgresPipeline> pipeline;
    std::shared_ptr<PostgresReads> reads;
    std::shared_ptr<PostgresCommits> commits;
    std::shared_ptr<PostgresPool> pool;
    ScopeStatements scope;

    void start();
    void close();
};

class PostgresCore : public std::enable_shared_from_this<PostgresCore> {
public:
    PostgresCore(boost::asio::io_context& io, PostgresOptions options);

    void start();
    // Calls back when nothing is under way any more.
    void when_quiet(std::function<void(bool)> quiet);
    void close();
    bool closing() const { return closing_; }

    Command command(const Statement& statement, const Arguments& arguments);
    PostgresLane& app() { return app_; }
    PostgresLane& engine() { return engine_; }
    PostgresIds& ids() { return *ids_; }

    ParsedStatementPointer begin, commit, rollback;
    // Lets the commit return before it is durable; a later statement that waits for the disk.
    ParsedStatementPointer relax, barrier;

    void began() { ++transactions_; }
    void ended();

private:
    PostgresLane lane(
        const PostgresLogin& login, std::size_t pipelined, std::size_t exclusive,
        std::vector<std::string> settings
    );
    bool is_quiet() const;
    void look_for_quiet();

    boost::asio::io_context& io_;
    std::shared_ptr<const PostgresOptions> options_;
    StatementCache statements_;
    PostgresLane app_;
    PostgresLane engine_;
    std::shared_ptr<PostgresIds> ids_;
    std::size_t transactions_ = 0;
    bool closing_ = false;
    std::vector<std::function<void(bool)>> quiet_;
};

}  // namespace afterresume::sql
