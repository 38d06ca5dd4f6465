// Seals what was recorded, within a second, one process at a time for each database: whoever signs
// in waits for no chain. Owned by app/; what Parts names must outlive it.
#pragma once

#include "core/clock.h"
#include "features/auditing/chain.h"
#include "infra/observability/log.h"
#include "infra/sql/database.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace afterresume::auditing {

class Sealer {
public:
    struct Parts {
        boost::asio::io_context& io;
        sql::Database& database;
        const Clock& clock;
        observability::Log& log;
    };
    explicit Sealer(Parts parts);

    // Until stop(). Call once.
    Task<void> run();
    // Returns when the turn under way has ended.
    Task<void> stop();
    // Seals all that is committed by now, by chain and id; gives how many records. Nothing while
    // another process does.
    Task<std::int64_t> seal_all();

private:
    Task<void> guarded_turn();
    Task<std::int64_t> seal_some();

    Parts parts_;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer ended_;
    bool running_ = false;
    bool stopping_ = false;
};

}  // namespace afterresume::auditing
