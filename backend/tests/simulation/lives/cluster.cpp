#include "cluster.h"

#include <algorithm>
#include <utility>

namespace afterresume::lives {

using namespace std::chrono_literals;

namespace {

constexpr nanoseconds shortest_pause = 500us;
constexpr nanoseconds longest_pause = 100ms;

}  // namespace

Cluster::Cluster(Ground ground, std::size_t places) : ground_(ground), places_(places) {
    Running here(front_machine_);
    front_ = std::make_unique<Process>(ground_);
}

Cluster::~Cluster() {
    for (auto& place : places_) {
        Running here(place.machine);
        place.node.reset();
    }
    Running here(front_machine_);
    front_.reset();
}

void Cluster::step() {
    ground_.air.deliver();
    for (auto& place : places_) mend(place);
    auto& course = ground_.course;
    bool busy = false;
    auto take_turn = [&](std::size_t whose) {
        if (whose < places_.size()) return turn(places_[whose]);
        Running here(front_machine_);
        return front_->turn();
    };
    for (std::size_t whose = 0; whose <= places_.size(); ++whose) busy |= take_turn(whose);
    for (auto left = busy ? course.draw(8) : 0; left > 0; --left)
        take_turn(course.draw(places_.size() + 1));
    // Who sleeps does so less exactly the longer nothing happened.
    pause_ = busy ? shortest_pause : std::min(pause_ * 2, longest_pause);
    pass(nanoseconds(
        1 + static_cast<std::int64_t>(course.draw(static_cast<std::uint64_t>(pause_.count())))
    ));
}

bool Cluster::turn(Place& place) {
    if (!place.node || ground_.course.time() < place.stands_still) return false;
    Running here(place.machine);
    return place.node->turn();
}

void Cluster::mend(Place& place) {
    auto now = ground_.course.time();
    auto name = &place - places_.data();
    Running here(place.machine);
    if (place.node && (place.dies || place.node->ended())) {
        if (!std::exchange(place.dies, false)) ground_.course.tell("node {} has ended", name);
        place.node.reset();
        place.is_gone = std::max(place.is_gone, now + ground_.course.between(0ms, 15s));
    }
    if (!place.node && open_ && now >= place.is_gone) {
        ground_.course.tell("node {} begins", name);
        place.node = std::make_unique<Node>(ground_);
        place.stands_still = {};
    }
    if (now >= place.stands_still) place.suspended = false;
    if (now >= place.has_wrong_time) place.ahead = {};
    if (place.node && now >= place.has_bad_weather) place.node->link.weather = {};
}

void Cluster::pass(nanoseconds time) {
    ground_.course.pass(time);
    front_machine_.boot += time;
    front_machine_.steady += time;
    front_->clock.set(ground_.course.wall());
    for (auto& place : places_) {
        place.machine.boot += time;
        if (!place.suspended) place.machine.steady += time;
        if (place.node) place.node->clock.set(ground_.course.wall() + place.ahead);
    }
}

bool Cluster::is_empty() const {
    return std::ranges::none_of(places_, [](const auto& place) { return place.node != nullptr; });
}

void Cluster::heal() {
    for (auto& place : places_) {
        place.stands_still = place.is_gone = place.has_bad_weather = place.has_wrong_time = {};
        if (place.node) place.node->link.at_next_commit.reset();
    }
}

}  // namespace afterresume::lives
