// Short messages between the processes of one installation: fast and easily lost. Whoever depends
// on one looks by itself now and then. Implemented by infra/redis and infra/sql; owned by app/.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace afterresume::broadcast {

// Called on the io_context's thread; must not throw or block.
using Receiver = std::function<void(std::string_view message)>;

class Broadcast {
public:
    virtual ~Broadcast() = default;

    // Connects, and again whenever the connection was lost, until this is destroyed. Call once.
    // Messages come to everybody, this process included.
    virtual void start(Receiver receiver) = 0;
    // Lost while there is no connection; never blocks.
    virtual void publish(std::string message) = 0;
    virtual bool connected() const = 0;
};

}  // namespace afterresume::broadcast
