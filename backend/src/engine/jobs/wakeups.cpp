#include "engine/jobs/wakeups.h"

#include "core/id.h"

namespace afterresume::jobs {

Wakeups::Wakeups(
    boost::asio::io_context& io, broadcast::Broadcast& broadcast, std::vector<NamedBell> bells
)
    : broadcast_(broadcast),
      bells_(std::move(bells)),
      origin_(Uuid::random().text()),
      timer_(std::make_shared<boost::asio::steady_timer>(io)) {
    for (auto& one : bells_) {
        one.bell.listen(this, [this, name = one.name] { rang(name); });
    }
    broadcast_.start([this](std::string_view message) { heard(message); });
}

Wakeups::~Wakeups() {
    for (auto& [name, bell] : bells_) bell.forget(this);
    timer_->cancel();
}

void Wakeups::rang(const std::string& name) {
    rung_.insert(name);
    if (!resting_) send();
}

// "origin name name": the first ring goes out at once, those of the next moment together.
void Wakeups::send() {
    auto message = origin_;
    for (const auto& name : std::exchange(rung_, {})) message += " " + name;
    broadcast_.publish(std::move(message));
    resting_ = true;
    timer_->expires_after(shortest_gap);
    timer_->async_wait([this, kept = timer_](boost::system::error_code cancelled) {
        if (cancelled) return;
        resting_ = false;
        if (!rung_.empty()) send();
    });
}

void Wakeups::heard(std::string_view message) {
    if (message.starts_with(origin_)) return;
    auto names = std::string(message) + " ";
    for (auto& [name, bell] : bells_) {
        if (names.find(" " + name + " ") != std::string::npos) bell.ring(this);
    }
}

}  // namespace afterresume::jobs
