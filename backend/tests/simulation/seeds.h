// How many histories are lived.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace afterresume::simulation {

// SIMULATION_SEEDS asks for more than the few of every run.
inline std::uint64_t seeds(std::uint64_t few = 4) {
    const char* asked = std::getenv("SIMULATION_SEEDS");
    return asked ? std::strtoull(asked, nullptr, 10) : few;
}

}  // namespace afterresume::simulation
