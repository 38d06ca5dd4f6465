#include "infra/sql/postgres_commits.h"

#include <boost/asio/post.hpp>

namespace afterresume::sql {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_commits = 128;

}  // namespace

std::vector<Command> with_scope(
    const ParsedStatementPointer& statement, Parameters scope, std::vector<Command> commands
) {
    if (statement) commands.insert(commands.begin(), Command{statement, std::move(scope)});
    return commands;
}

PostgresCommits::PostgresCommits(
    asio::io_context& io, std::shared_ptr<const PostgresOptions> options,
    std::shared_ptr<PostgresPipeline> pipeline, ScopeStatements scope,
    ParsedStatementPointer barrier
)
    : io_(io),
      options_(std::move(options)),
      pipeline_(std::move(pipeline)),
      scope_(std::move(scope)),
      barrier_(std::move(barrier)) {}

void PostgresCommits::start() {
    pipeline_->on_change([weak = weak_from_this()] {
        if (auto self = weak.lock()) self->dispatch_later();
    });
}

void PostgresCommits::commit(Batch batch) {
    if (waiting_.size() >= options_->queue_limit) {
        return land_with(io_, Flight{{}, std::move(batch.land)}, std::make_exception_ptr(busy()));
    }
    waiting_.push_back(std::move(batch));
    dispatch_later();
}

void PostgresCommits::dispatch_later() {
    if (waiting_.empty() || std::exchange(dispatching_, true)) return;
    asio::post(io_, [self = shared_from_this()] {
        self->dispatching_ = false;
        self->dispatch();
    });
}

// What waits is dealt out evenly, so that all connections work at once.
void PostgresCommits::dispatch() {
    if (waiting_.empty()) return;
    auto free = pipeline_->ready();
    std::erase_if(free, [&](const auto& connection) { return busy_.contains(connection.get()); });
    for (auto left = free.size(); left > 0 && !waiting_.empty(); --left) {
        auto share = (waiting_.size() + left - 1) / left;
        send_group(free[free.size() - left], std::min(share, most_commits));
    }
    if (!waiting_.empty() && !pipeline_->hopeful()) refuse_waiting();
}

void PostgresCommits::refuse_waiting() {
    for (auto& batch : std::exchange(waiting_, {})) {
        land_with(io_, Flight{{}, std::move(batch.land)}, std::make_exception_ptr(away()));
    }
}

void PostgresCommits::send_group(PostgresConnectionPointer connection, std::size_t size) {
    auto group = std::make_shared<Group>();
    group->connection = connection;
    group->members.resize(size);
    group->has_barrier = waiting_[size - 1].unlocks_early;
    busy_.insert(connection.get());
    for (std::size_t member = 0; member < size; ++member) {
        auto batch = std::move(waiting_.front());
        waiting_.pop_front();
        group->members[member].land = std::move(batch.land);
        bool waits = member + 1 == size && !group->has_barrier;
        const auto& scope = waits ? scope_.durable : scope_.relaxed;
        Flight flight;
        flight.commands = with_scope(scope, std::move(batch.scope), std::move(batch.commands));
        flight.land = [self = shared_from_this(), group, member](Outcome outcome) {
            self->landed(group, member, std::move(outcome));
        };
        connection->send(std::move(flight));
    }
    if (group->has_barrier) send_barrier(group);
}

// The log of the server is flushed in order, so a durable commit takes all earlier ones of its
// connection along. But a transaction that changed nothing flushes nothing, and one that failed
// neither.
void PostgresCommits::landed(const GroupPointer& group, std::size_t member, Outcome outcome) {
    auto& members = group->members;
    members[member].outcome = std::move(outcome);
    if (++group->landed < members.size() || group->has_barrier) return;
    const auto& last = members.back().outcome;
    bool flushed = members.size() == 1 || (!last.error && last.wrote);
    if (flushed) {
        answer(group, nullptr);
    } else {
        send_barrier(group);
    }
}

void PostgresCommits::send_barrier(const GroupPointer& group) {
    Flight flight;
    flight.commands.push_back(Command{barrier_, {}});
    flight.land = [self = shared_from_this(), group](Outcome outcome) {
        self->answer(group, outcome.error);
    };
    group->connection->send(std::move(flight));
}

void PostgresCommits::answer(const GroupPointer& group, std::exception_ptr error) {
    busy_.erase(group->connection.get());
    dispatch();
    for (auto& member : group->members) {
        if (error && !member.outcome.error) member.outcome.error = error;
        member.land(std::move(member.outcome));
    }
}

}  // namespace afterresume::sql
