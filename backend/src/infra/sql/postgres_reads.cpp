#include "infra/sql/postgres_reads.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace afterresume::sql {

namespace {

// More would keep the first of a group waiting for the last.
constexpr std::size_t most_reads = 8;

}  // namespace

PostgresReads::PostgresReads(
    boost::asio::io_context& io, std::shared_ptr<PostgresPipeline> pipeline,
    ParsedStatementPointer scope
)
    : io_(io), pipeline_(std::move(pipeline)), scope_(std::move(scope)) {}

void PostgresReads::read(Batch batch) {
    waiting_.push_back(std::move(batch));
    if (waiting_.size() > 1) return;
    boost::asio::post(io_, [self = shared_from_this()] { self->dispatch(); });
}

void PostgresReads::dispatch() {
    auto waiting = std::exchange(waiting_, {});
    for (std::size_t begin = 0; begin < waiting.size(); begin += most_reads) {
        auto size = std::min(most_reads, waiting.size() - begin);
        if (size == 1) {
            send_alone(std::move(waiting[begin]));
            continue;
        }
        auto first = std::make_move_iterator(waiting.begin() + static_cast<std::ptrdiff_t>(begin));
        send_together(
            std::make_shared<std::vector<Batch>>(first, first + static_cast<std::ptrdiff_t>(size))
        );
    }
}

void PostgresReads::send_together(Group group) {
    Flight flight;
    flight.keeps_all = true;
    for (const auto& batch : *group) {
        if (scope_) flight.commands.push_back(Command{scope_, batch.scope});
        flight.commands.push_back(batch.commands.front());
    }
    flight.land = [self = shared_from_this(), group](Outcome outcome) {
        self->landed(group, std::move(outcome));
    };
    pipeline_->send(std::move(flight));
}

void PostgresReads::landed(const Group& group, Outcome outcome) {
    if (outcome.error) {
        for (auto& batch : *group) send_alone(std::move(batch));
        return;
    }
    auto step = outcome.all.size() / group->size();
    for (std::size_t member = 0; member < group->size(); ++member) {
        Outcome own;
        own.result = std::move(outcome.all[member * step + step - 1]);
        (*group)[member].land(std::move(own));
    }
}

void PostgresReads::send_alone(Batch batch) {
    pipeline_->send(Flight{
        with_scope(scope_, std::move(batch.scope), std::move(batch.commands)), std::move(batch.land)
    });
}

}  // namespace afterresume::sql
