#include "trouble.h"

#include <fmt/chrono.h>

namespace afterresume::lives {

using namespace std::chrono_literals;

void Trouble::befall() {
    if (course_.time() < next_) return;
    next_ = course_.time() + course_.between(500ms, 6s);
    auto& places = cluster_.places();
    if (course_.chance(10)) return lose_time();
    befall(places[course_.draw(places.size())]);
}

void Trouble::befall(Place& place) {
    if (!place.node || course_.time() < place.stands_still) return;
    switch (course_.draw(8)) {
        case 0:
        case 1:
            return soon(place, "dies", [&place] { place.dies = true; });
        case 2:
        case 3:
        case 4:
            return stand_still(place);
        case 5:
            return cluster_.on(place, [&](Node& node) {
                auto grace = course_.between(0ms, 3s);
                course_.tell(
                    "node {} is asked to stop within {}", &place - cluster_.places().data(), grace
                );
                node.drain(grace);
            });
        default:
            return have_bad_weather(place);
    }
}

void Trouble::soon(Place& place, std::string what, std::function<void()> act) {
    auto name = &place - cluster_.places().data();
    auto told = [this, name, what = std::move(what), act = std::move(act)] {
        course_.tell("node {} {}", name, what);
        act();
    };
    if (course_.chance(30)) return told();
    place.node->link.at_next_commit = Moment{course_.chance(70), std::move(told)};
}

void Trouble::stand_still(Place& place) {
    auto time = course_.chance(70) ? course_.between(15s, 40s) : course_.between(1s, 70s);
    auto suspended = course_.chance(50);
    auto what = fmt::format("{} for {}", suspended ? "is suspended" : "stands still", time);
    soon(place, what, [this, &place, time, suspended] {
        place.stands_still = course_.time() + time;
        place.suspended = suspended;
    });
}

void Trouble::have_bad_weather(Place& place) {
    auto time = course_.between(3s, 25s);
    Weather weather;
    if (course_.chance(50)) weather.slowest = course_.between(50ms, 25s);
    if (course_.chance(60)) weather.lost = 1 + course_.draw(course_.chance(20) ? 100 : 20);
    course_.tell(
        "node {} waits for answers up to {}, and {} % are lost, for {}",
        &place - cluster_.places().data(), weather.slowest, weather.lost, time
    );
    place.node->link.weather = weather;
    place.has_bad_weather = course_.time() + time;
}

// By which clock a node goes is to make no difference to who may do what.
void Trouble::lose_time() {
    auto all = course_.chance(50);
    auto whose = course_.draw(cluster_.places().size());
    for (std::size_t each = 0; each < cluster_.places().size(); ++each) {
        if (!all && each != whose) continue;
        auto& place = cluster_.places()[each];
        place.ahead = course_.between(0s, 180s) - 90s;
        place.has_wrong_time = course_.time() + course_.between(10s, 60s);
        course_.tell("the clock of node {} is {} ahead", each, place.ahead);
    }
}

}  // namespace afterresume::lives
