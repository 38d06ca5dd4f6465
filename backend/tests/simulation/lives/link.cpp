#include "link.h"

#include "core/error.h"
#include "infra/sql/sqlite_core.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace afterresume::lives {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_queue = 10s;

}  // namespace

class LinkedTx final : public sql::Tx {
public:
    LinkedTx(Link& link, Store& store, sql::Reach reach, sql::Access access)
        : link_(link), store_(store), reach_(reach), access_(access) {}
    // The node may be gone, with its link.
    ~LinkedTx() override { store_.drop(session_); }

    Task<void> commit() override {
        if (access_ == sql::Access::write && (began_ || !deferred_.empty())) co_await fly(true);
        committed();
    }
    Task<void> rollback() override {
        store_.drop(session_);
        co_return;
    }
    sql::Dialect dialect() const override { return sql::Dialect::sqlite; }

protected:
    Task<std::unique_ptr<sql::Result>> query(
        const sql::Statement& statement, sql::Arguments arguments
    ) override {
        deferred_.push_back({statement, std::move(arguments)});
        co_return co_await fly(false);
    }
    void queue(const sql::Statement& statement, sql::Arguments arguments) override {
        deferred_.push_back({statement, std::move(arguments)});
    }
    Task<std::int64_t> next_id() override {
        auto result = co_await query(sql::SqliteCore::reserve_ids(), {});
        co_return sql::SqliteCore::granted(*result).next;
    }

private:
    Task<std::unique_ptr<sql::Result>> fly(bool commit) {
        began_ = true;
        try {
            co_await link_.travel();
            auto result = access_ == sql::Access::read
                              ? store_.read(std::exchange(deferred_, {}), reach_)
                              : co_await write(commit);
            if (commit) come_to_commit();
            co_await link_.travel();
            co_return result;
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::unavailable) ++link_.failures_;
            store_.drop(session_);
            throw;
        }
    }
    void come_to_commit() {
        auto& next = link_.at_next_commit;
        if (!next || next->of_a_job != reach_.tenant.has_value()) return;
        std::exchange(next, std::nullopt)->act();
    }
    Task<std::unique_ptr<sql::Result>> write(bool commit) {
        auto begun = link_.course_.time();
        while (!store_.admits(session_)) {
            if (link_.course_.time() - begun > longest_queue)
                throw Error(ErrorKind::unavailable, "sql.busy", "Others hold the database.");
            co_await link_.wait(1ms);
        }
        co_return store_.write(session_, std::exchange(deferred_, {}), reach_, commit);
    }

    Link& link_;
    Store& store_;
    sql::Reach reach_;
    sql::Access access_;
    std::vector<sql::Call> deferred_;
    Store::Session session_;
    bool began_ = false;
};

std::unique_ptr<sql::Tx> Link::begin(const Scope& scope, sql::Access access) {
    sql::Reach reach{.tenant = scope.tenant().value, .user = scope.user().value};
    return std::make_unique<LinkedTx>(*this, store_, reach, access);
}
std::unique_ptr<sql::Tx> Link::begin_anonymous(sql::Access access) {
    return std::make_unique<LinkedTx>(*this, store_, sql::Reach{}, access);
}
std::unique_ptr<sql::Tx> Link::begin_engine(sql::Access access) {
    return std::make_unique<LinkedTx>(*this, store_, of_engine, access);
}

Task<void> Link::travel() {
    auto most = static_cast<std::uint64_t>(nanoseconds(weather.slowest).count());
    co_await wait(nanoseconds(static_cast<std::int64_t>(course_.draw(most))));
    if (course_.chance(weather.lost))
        throw Error(ErrorKind::unavailable, "sql.away", "The database does not answer.");
}

Task<void> Link::wait(nanoseconds time) {
    asio::steady_timer timer(io_, time);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace afterresume::lives
