// Some minutes in the life of three nodes that work and one that serves people, drawn from a seed:
// what is asked for, what goes wrong, and whose turn comes next.
#pragma once

#include "course.h"

#include <string>

namespace afterresume::lives {

enum class Kind { calm, troubled };

struct Lived {
    // What went against a promise, after what led to it; empty when nothing did.
    std::string faults;
    // The same for two lives that went alike to the last statement.
    std::uint64_t digest = 0;
    std::size_t calls = 0;
    // Of those, how many of a step that had been called before.
    std::size_t repeated = 0;
};
Lived live(std::uint64_t seed, Kind kind = Kind::troubled);

}  // namespace afterresume::lives
