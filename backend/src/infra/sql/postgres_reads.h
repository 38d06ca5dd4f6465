// Reads of one statement each. Those that a turn of the event loop brings travel together: each
// after the statement that sets its own scope, and with one Sync for all, which spares the server a
// transaction and both sides a packet for each. When one of them fails, all of them go out again
// alone, so that nobody fails for another.
#pragma once

#include "infra/sql/postgres_commits.h"

namespace afterresume::sql {

class PostgresReads : public std::enable_shared_from_this<PostgresReads> {
public:
    // `scope` may be null, as in ScopeStatements.
    PostgresReads(
        boost::asio::io_context& io, std::shared_ptr<PostgresPipeline> pipeline,
        ParsedStatementPointer scope
    );
    // A batch of one command.
    void read(Batch batch);

private:
    using Group = std::shared_ptr<std::vector<Batch>>;

    void dispatch();
    void send_together(Group group);
    void landed(const Group& group, Outcome outcome);
    void send_alone(Batch batch);

    boost::asio::io_context& io_;
    std::shared_ptr<PostgresPipeline> pipeline_;
    ParsedStatementPointer scope_;
    std::vector<Batch> waiting_;
};

}  // namespace afterresume::sql
