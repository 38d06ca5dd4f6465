// Write transactions of one flight each. Those that wait together go out on one connection as
// transactions of their own, of which only the last waits for the disk; none is answered before a
// durable commit later than its own.
#pragma once

#include "infra/sql/postgres_pipeline.h"

namespace afterresume::sql {

// A transaction before it is known how it has to commit.
struct Batch {
    // Of the statement that tells the server the scope.
    Parameters scope;
    std::vector<Command> commands;
    std::function<void(Outcome)> land;
    // Whether it holds locks that should not wait for the disk.
    bool unlocks_early = false;
};

// The first statement of every transaction of a role. Null where there is nothing to tell.
struct ScopeStatements {
    ParsedStatementPointer durable;
    // The same, with a commit that does not wait for the disk.
    ParsedStatementPointer relaxed;
};

std::vector<Command> with_scope(
    const ParsedStatementPointer& statement, Parameters scope, std::vector<Command> commands
);

class PostgresCommits : public std::enable_shared_from_this<PostgresCommits> {
public:
    PostgresCommits(
        boost::asio::io_context& io, std::shared_ptr<const PostgresOptions> options,
        std::shared_ptr<PostgresPipeline> pipeline, ScopeStatements scope,
        ParsedStatementPointer barrier
    );
    void start();
    // Lands when it is durable. Goes out at the end of the turn of the event loop, or when a
    // connection has answered what waited before.
    void commit(Batch batch);
    // What waits lands with "sql.away".
    void close() { refuse_waiting(); }

private:
    struct Group {
        PostgresConnectionPointer connection;
        struct Member {
            std::function<void(Outcome)> land;
            Outcome outcome;
        };
        std::vector<Member> members;
        std::size_t landed = 0;
        // Sent behind the last member already.
        bool has_barrier = false;
    };
    using GroupPointer = std::shared_ptr<Group>;

    void dispatch_later();
    void dispatch();
    void send_group(PostgresConnectionPointer connection, std::size_t size);
    void landed(const GroupPointer& group, std::size_t member, Outcome outcome);
    void send_barrier(const GroupPointer& group);
    void answer(const GroupPointer& group, std::exception_ptr error);
    void refuse_waiting();

    boost::asio::io_context& io_;
    std::shared_ptr<const PostgresOptions> options_;
    std::shared_ptr<PostgresPipeline> pipeline_;
    ScopeStatements scope_;
    ParsedStatementPointer barrier_;
    std::deque<Batch> waiting_;
    std::unordered_set<PostgresConnection*> busy_;
    bool dispatching_ = false;
};

}  // namespace afterresume::sql
