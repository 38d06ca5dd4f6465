#include "infra/sql/postgres_pipeline.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace afterresume::sql {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds first_pause{50};
constexpr std::chrono::milliseconds longest_pause{500};

}  // namespace

void land_with(asio::io_context& io, Flight flight, std::exception_ptr error) {
    asio::post(io, [land = std::move(flight.land), error = std::move(error)] {
        Outcome outcome;
        outcome.error = error;
        land(std::move(outcome));
    });
}

PostgresPipeline::PostgresPipeline(
    asio::io_context& io, std::shared_ptr<const PostgresOptions> options,
    const PostgresLogin& login, std::size_t connections
)
    : io_(io), options_(std::move(options)), login_(login) {
    for (std::size_t count = 0; count < connections; ++count)
        slots_.push_back(std::make_unique<Slot>(io));
}

void PostgresPipeline::start() {
    for (auto& slot : slots_) connect(*slot);
}

void PostgresPipeline::close() {
    closed_ = true;
    changed_ = nullptr;
    for (auto& slot : slots_) {
        slot->retry.cancel();
        if (slot->connection) slot->connection->close();
    }
    changed();
}

void PostgresPipeline::connect(Slot& slot) {
    slot.connection = std::make_shared<PostgresConnection>(io_, options_, login_);
    auto weak = weak_from_this();
    slot.connection->connect(
        [weak, &slot] {
            if (auto self = weak.lock()) {
                slot.served = true;
                slot.pause = {};
                self->changed();
            }
        },
        [weak, &slot] {
            if (auto self = weak.lock()) self->lost(slot);
        }
    );
}

// The first attempt after a loss is made at once, later ones after pauses that double.
void PostgresPipeline::lost(Slot& slot) {
    if (closed_) return;
    if (std::exchange(slot.served, false)) return connect(slot);
    slot.pause = std::clamp(slot.pause * 2, first_pause, longest_pause);
    slot.retry.expires_after(slot.pause);
    slot.retry.async_wait([weak = weak_from_this(), &slot](boost::system::error_code error) {
        auto self = weak.lock();
        if (!error && self && !self->closed_) self->connect(slot);
    });
    changed();
}

void PostgresPipeline::changed() {
    while (!waiting_.empty()) {
        auto* connection = least_loaded();
        if (!connection && hopeful()) break;
        auto flight = std::move(waiting_.front());
        waiting_.pop_front();
        if (connection) {
            connection->send(std::move(flight));
        } else {
            land_with(io_, std::move(flight), std::make_exception_ptr(away()));
        }
    }
    if (changed_) changed_();
}

void PostgresPipeline::send(Flight flight) {
    if (waiting_.size() + load() >= options_->queue_limit) {
        land_with(io_, std::move(flight), std::make_exception_ptr(busy()));
    } else if (auto* connection = least_loaded()) {
        connection->send(std::move(flight));
    } else if (hopeful()) {
        waiting_.push_back(std::move(flight));
    } else {
        land_with(io_, std::move(flight), std::make_exception_ptr(away()));
    }
}

PostgresConnection* PostgresPipeline::least_loaded() const {
    PostgresConnection* best = nullptr;
    for (const auto& slot : slots_) {
        auto* connection = slot->connection.get();
        if (connection && connection->ready() && (!best || connection->load() < best->load()))
            best = connection;
    }
    return best;
}

std::vector<PostgresConnectionPointer> PostgresPipeline::ready() const {
    std::vector<PostgresConnectionPointer> found;
    for (const auto& slot : slots_) {
        if (slot->connection && slot->connection->ready()) found.push_back(slot->connection);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a->load() < b->load();
    });
    return found;
}

bool PostgresPipeline::hopeful() const {
    if (closed_) return false;
    return std::any_of(slots_.begin(), slots_.end(), [](const auto& slot) {
        return slot->connection &&
               (slot->connection->ready() || slot->pause == std::chrono::milliseconds{});
    });
}

std::size_t PostgresPipeline::load() const {
    std::size_t load = 0;
    for (const auto& slot : slots_) load += slot->connection ? slot->connection->load() : 0;
    return load;
}

}  // namespace afterresume::sql
