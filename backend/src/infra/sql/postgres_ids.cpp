#include "infra/sql/postgres_ids.h"

namespace afterresume::sql {

namespace {

// What the sequence's increment is meant to be.
constexpr std::size_t usual_size = 256;
constexpr std::int64_t refill_below = 64;
constexpr std::size_t most_blocks = 64;

}  // namespace

PostgresIds::PostgresIds(std::shared_ptr<PostgresPipeline> pipeline, ParsedStatementPointer fetch)
    : pipeline_(std::move(pipeline)), fetch_(std::move(fetch)) {}

Task<std::int64_t> PostgresIds::next() {
    if (waiting_.empty()) {
        if (auto id = grant()) {
            if (left_ < refill_below) fetch();
            co_return *id;
        }
    }
    auto self = shared_from_this();
    auto begin = [self](std::function<void(Granted)> granted) {
        self->waiting_.push_back(std::move(granted));
        self->fetch();
    };
    auto granted = co_await called_back<Granted>(std::move(begin));
    if (granted.error) std::rethrow_exception(granted.error);
    co_return granted.id;
}

std::optional<std::int64_t> PostgresIds::grant() {
    if (blocks_.empty()) return std::nullopt;
    auto& block = blocks_.front();
    auto id = block.next++;
    --left_;
    if (block.next == block.end) blocks_.pop_front();
    return id;
}

void PostgresIds::fetch() {
    if (std::exchange(fetching_, true)) return;
    auto blocks = std::min(waiting_.size() / usual_size + 1, most_blocks);
    Flight flight;
    flight.commands.push_back(Command{fetch_, {}});
    flight.commands.back().parameters.add_text(std::to_string(blocks));
    flight.land = [self = shared_from_this()](Outcome outcome) {
        self->fetched(std::move(outcome));
    };
    pipeline_->send(std::move(flight));
}

// Whoever is called back may ask for the next one at once.
void PostgresIds::fetched(Outcome outcome) {
    fetching_ = false;
    std::vector<std::pair<std::function<void(Granted)>, Granted>> answers;
    if (outcome.error) {
        for (auto& waiter : std::exchange(waiting_, {}))
            answers.emplace_back(std::move(waiter), Granted{0, outcome.error});
    } else {
        for (std::size_t row = 0; row < outcome.result->rows(); ++row) {
            auto first = outcome.result->cell(row, 0).integer;
            auto size = outcome.result->cell(row, 1).integer;
            blocks_.push_back({first, first + size});
            left_ += size;
        }
        while (!waiting_.empty() && left_ > 0) {
            answers.emplace_back(std::move(waiting_.front()), Granted{*grant(), nullptr});
            waiting_.pop_front();
        }
        if (!waiting_.empty() || left_ < refill_below) fetch();
    }
    for (auto& [waiter, granted] : answers) waiter(granted);
}

}  // namespace afterresume::sql
