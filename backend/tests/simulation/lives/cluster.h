// The machines of a life and their processes. Time passes for all of them at once; who takes a turn
// is drawn.
#pragma once

#include "node.h"

#include <memory>
#include <vector>

namespace afterresume::lives {

// A machine, with the node that works there, and what is wrong with it.
struct Place {
    Machine machine;
    std::unique_ptr<Node> node = {};
    // By how much its clock is ahead.
    milliseconds ahead{0};
    // When each of these is over.
    nanoseconds stands_still{0};
    nanoseconds is_gone{0};
    nanoseconds has_bad_weather{0};
    nanoseconds has_wrong_time{0};
    bool suspended = false;
    bool dies = false;
};

class Cluster {
public:
    Cluster(Ground ground, std::size_t places);
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    // Whoever has something to do takes some turns, and then some time passes.
    void step();
    std::vector<Place>& places() { return places_; }
    // Of those who serve people.
    Process& front() { return *front_; }
    // What a place does with its process.
    template <class Act>
    void on(Place& place, Act act) {
        Running here(place.machine);
        act(*place.node);
    }
    // Nothing is wrong with anybody from then on.
    void heal();
    // Nobody who has ended or died comes back.
    void close() { open_ = false; }
    bool is_empty() const;

private:
    bool turn(Place& place);
    void mend(Place& place);
    void pass(nanoseconds time);

    Ground ground_;
    std::vector<Place> places_;
    Machine front_machine_;
    std::unique_ptr<Process> front_;
    nanoseconds pause_ = std::chrono::microseconds(100);
    bool open_ = true;
};

}  // namespace afterresume::lives
