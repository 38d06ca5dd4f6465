// What goes wrong in a life, drawn.
#pragma once

#include "cluster.h"

#include <functional>
#include <string>

namespace afterresume::lives {

class Trouble {
public:
    Trouble(Course& course, Cluster& cluster) : course_(course), cluster_(cluster) {}

    // Now and then something.
    void befall();

private:
    void befall(Place& place);
    void die(Place& place);
    void stand_still(Place& place);
    void lose_time();
    void have_bad_weather(Place& place);
    // At once, or with the next commit done and its answer under way.
    void soon(Place& place, std::string what, std::function<void()> act);

    Course& course_;
    Cluster& cluster_;
    nanoseconds next_{0};
};

}  // namespace afterresume::lives
