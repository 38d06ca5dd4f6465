// How many histories are lived, and what is told of each.
#pragma once

#include "core/error.h"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace afterresume::simulation {

// SIMULATION_SEEDS asks for more than the few of every run.
inline std::uint64_t seeds(std::uint64_t few = 4) {
    const char* asked = std::getenv("SIMULATION_SEEDS");
    return asked ? std::strtoull(asked, nullptr, 10) : few;
}

// What a life shows: what it tells, or what it ends with instead. Where there is no database it
// shows nothing, and throws.
std::string shown_by(const auto& live) {
    try {
        return live();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::unavailable) throw;
        return error.what();
    } catch (const std::exception& error) {
        return error.what();
    }
}

}  // namespace afterresume::simulation
