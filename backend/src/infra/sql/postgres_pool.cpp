#include "infra/sql/postgres_pool.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace afterresume::sql {

namespace asio = boost::asio;

PostgresPool::PostgresPool(
    asio::io_context& io, std::shared_ptr<const PostgresOptions> options,
    const PostgresLogin& login, std::size_t limit, ParsedStatementPointer rollback
)
    : io_(io),
      options_(std::move(options)),
      login_(login),
      limit_(limit),
      rollback_(std::move(rollback)) {}

Task<PostgresConnectionPointer> PostgresPool::take() {
    if (closed_) throw away();
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        ++taken_;
        co_return connection;
    }
    if (waiting_.size() >= options_->queue_limit) throw busy();
    auto self = shared_from_this();
    auto begin = [self](std::function<void(Taken)> got) { self->wait(std::move(got)); };
    auto taken = co_await called_back<Taken>(std::move(begin));
    if (taken.error) std::rethrow_exception(taken.error);
    co_return taken.connection;
}

void PostgresPool::wait(std::function<void(Taken)> got) {
    auto waiter = std::make_shared<Waiter>(io_, std::move(got));
    waiter->deadline.expires_after(options_->connection_wait);
    waiter->deadline.async_wait([self = shared_from_this(),
                                 waiter](boost::system::error_code error) {
        auto found = std::find(self->waiting_.begin(), self->waiting_.end(), waiter);
        if (error || found == self->waiting_.end()) return;
        self->waiting_.erase(found);
        waiter->got({nullptr, std::make_exception_ptr(busy())});
    });
    waiting_.push_back(std::move(waiter));
    grow();
}

void PostgresPool::grow() {
    while (making_ < waiting_.size() && all_.size() < limit_) {
        auto connection = std::make_shared<PostgresConnection>(io_, options_, login_);
        all_.push_back(connection);
        ++making_;
        auto weak = weak_from_this();
        auto* made = connection.get();
        connection->connect(
            [weak, made] {
                if (auto self = weak.lock()) self->came(made->shared_from_this());
            },
            [weak, made] {
                if (auto self = weak.lock()) self->lost(made);
            }
        );
    }
}

void PostgresPool::came(const PostgresConnectionPointer& connection) {
    --making_;
    made_.insert(connection.get());
    put(connection);
}

void PostgresPool::lost(PostgresConnection* connection) {
    bool was_made = made_.erase(connection) == 1;
    if (!was_made) --making_;
    auto is_it = [&](const PostgresConnectionPointer& other) { return other.get() == connection; };
    std::erase_if(idle_, is_it);
    std::erase_if(all_, is_it);
    if (was_made) {
        grow();
    } else if (all_.empty()) {
        refuse_all(std::make_exception_ptr(away()));
    }
}

void PostgresPool::put(PostgresConnectionPointer connection) {
    if (waiting_.empty()) {
        idle_.push_back(std::move(connection));
    } else {
        auto waiter = std::move(waiting_.front());
        waiting_.pop_front();
        waiter->deadline.cancel();
        ++taken_;
        asio::post(io_, [waiter, connection = std::move(connection)] {
            waiter->got({connection, nullptr});
        });
    }
    if (changed_) changed_();
}

void PostgresPool::give_back(PostgresConnectionPointer connection, Left left) {
    if (left == Left::clean || !connection->ready()) {
        --taken_;
        if (connection->ready()) return put(std::move(connection));
        if (changed_) changed_();
        return;
    }
    Flight flight;
    flight.commands.push_back(Command{rollback_, {}});
    flight.land = [self = shared_from_this(), connection](Outcome) {
        self->give_back(connection, Left::clean);
    };
    connection->send(std::move(flight));
}

void PostgresPool::refuse_all(std::exception_ptr error) {
    for (auto& waiter : std::exchange(waiting_, {})) {
        waiter->deadline.cancel();
        asio::post(io_, [waiter, error] { waiter->got({nullptr, error}); });
    }
}

void PostgresPool::close() {
    closed_ = true;
    changed_ = nullptr;
    refuse_all(std::make_exception_ptr(away()));
    for (auto& connection : all_) connection->close();
    idle_.clear();
    all_.clear();
}

}  // namespace afterresume::sql
