// How nodes wake one another: messages come late, in another order, twice or not at all.
#pragma once

#include "course.h"

#include "infra/broadcast/broadcast.h"

#include <boost/asio/io_context.hpp>

#include <map>
#include <vector>

namespace afterresume::lives {

class Antenna;

class Air {
public:
    explicit Air(Course& course) : course_(course) {}

    // Hands over what has come by now.
    void deliver();

private:
    friend class Antenna;
    void send(const std::string& message);
    void join(Antenna& antenna) { antennas_.push_back(&antenna); }
    void leave(Antenna& antenna);

    struct Flight {
        Antenna* to;
        std::string message;
    };

    Course& course_;
    // In the order in which they came.
    std::vector<Antenna*> antennas_;
    std::multimap<nanoseconds, Flight> flights_;
};

// Of one node, on whose io_context it hears.
class Antenna : public broadcast::Broadcast {
public:
    Antenna(boost::asio::io_context& io, Air& air) : io_(io), air_(air) { air_.join(*this); }
    ~Antenna() override { air_.leave(*this); }
    Antenna(const Antenna&) = delete;
    Antenna& operator=(const Antenna&) = delete;

    void start(broadcast::Receiver receiver) override { receiver_ = std::move(receiver); }
    void publish(std::string message) override { air_.send(message); }
    bool connected() const override { return true; }

private:
    friend class Air;
    void hear(std::string message);

    boost::asio::io_context& io_;
    Air& air_;
    broadcast::Receiver receiver_;
};

}  // namespace afterresume::lives
