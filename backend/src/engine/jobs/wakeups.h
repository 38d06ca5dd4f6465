// Carries the rings of this process to all others, and theirs here. Rings that follow one another
// closely go out as one. Owned by app/; the bells, the broadcast and the io_context must outlive
// it.
#pragma once

#include "engine/jobs/doorbell.h"
#include "infra/broadcast/broadcast.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace afterresume::jobs {

struct NamedBell {
    // Without spaces and colons.
    std::string name;
    Doorbell& bell;
};

class Wakeups {
public:
    // Between two messages of this process.
    static constexpr std::chrono::milliseconds shortest_gap{10};

    Wakeups(
        boost::asio::io_context& io, broadcast::Broadcast& broadcast, std::vector<NamedBell> bells
    );
    ~Wakeups();
    Wakeups(const Wakeups&) = delete;
    Wakeups& operator=(const Wakeups&) = delete;

private:
    void rang(std::string word);
    void send();
    void heard(std::string_view message);
    void heard_word(std::string_view word);

    broadcast::Broadcast& broadcast_;
    std::vector<NamedBell> bells_;
    // Tells our own messages from others'.
    std::string origin_;
    std::set<std::string> rung_;
    bool resting_ = false;
    std::shared_ptr<boost::asio::steady_timer> timer_;
};

}  // namespace afterresume::jobs
