#include "air.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace afterresume::lives {

using namespace std::chrono_literals;

void Air::send(const std::string& message) {
    for (auto* antenna : antennas_) {
        auto copies = course_.chance(20) ? course_.draw(3) : 1;
        for (; copies > 0; --copies) {
            auto arrival = course_.time() + course_.between(0ms, course_.chance(10) ? 3s : 5ms);
            flights_.emplace(arrival, Flight{antenna, message});
        }
    }
}

void Air::deliver() {
    while (!flights_.empty() && flights_.begin()->first <= course_.time()) {
        auto flight = std::move(flights_.extract(flights_.begin()).mapped());
        flight.to->hear(std::move(flight.message));
    }
}

void Air::leave(Antenna& antenna) {
    std::erase(antennas_, &antenna);
    std::erase_if(flights_, [&](const auto& one) { return one.second.to == &antenna; });
}

// The node may be about to end when its turn comes.
void Antenna::hear(std::string message) {
    boost::asio::post(io_, [this, message = std::move(message)] {
        if (receiver_) receiver_(message);
    });
}

}  // namespace afterresume::lives
