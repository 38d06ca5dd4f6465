// The way of one node to the database: what it asks takes its time, and may be lost with what was
// answered, after which nobody there knows whether a commit happened. To the engine it is a
// database that several processes share, with SQLite's statements.
#pragma once

#include "store.h"

#include "infra/sql/database.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>

namespace afterresume::lives {

struct Weather {
    // Of one way, there or back.
    milliseconds slowest{2};
    // Of a hundred requests, and of a hundred answers.
    std::uint64_t lost = 0;
};

// What happens with a commit: of what a job writes while it runs, or of what the engine does.
struct Moment {
    bool of_a_job = false;
    std::function<void()> act;
};

class Link : public sql::Database {
public:
    Link(boost::asio::io_context& io, Course& course, Store& store)
        : io_(io), course_(course), store_(store) {}

    std::unique_ptr<sql::Tx> begin(const Scope& scope, sql::Access access) override;
    std::unique_ptr<sql::Tx> begin_anonymous(sql::Access access) override;
    std::unique_ptr<sql::Tx> begin_engine(sql::Access access) override;
    sql::Dialect dialect() const override { return sql::Dialect::postgres; }
    Task<void> ping() override { co_return; }
    Task<void> close() override { co_return; }

    Weather weather;
    // Called once, with the next commit of that kind done and its answer under way.
    std::optional<Moment> at_next_commit;
    // Whether nothing was ever lost on the way, nor is late now.
    bool is_quick() const { return failures_ == 0 && weather.slowest == Weather{}.slowest; }

private:
    friend class LinkedTx;
    Task<void> travel();
    Task<void> wait(nanoseconds time);

    boost::asio::io_context& io_;
    Course& course_;
    Store& store_;
    std::size_t failures_ = 0;
};

}  // namespace afterresume::lives
