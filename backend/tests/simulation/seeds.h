// How many histories are lived, and what is told of each.
#pragma once

#include "core/error.h"

#include <cstdint>
#include <cstdlib>
#include <ranges>
#include <string>

namespace afterresume::simulation {

inline std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
    const char* asked = std::getenv(variable);
    return asked ? std::strtoull(asked, nullptr, 10) : otherwise;
}

// SIMULATION_SEEDS asks for more than the few of every run, SIMULATION_FIRST_SEED for others.
inline auto seeds(std::uint64_t few = 4) {
    auto first = number_of("SIMULATION_FIRST_SEED", 1);
    return std::views::iota(first, first + number_of("SIMULATION_SEEDS", few));
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
