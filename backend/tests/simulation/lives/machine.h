// Where simulated code runs. The program asks the system for the time and for chance, by
// clock_gettime and getrandom; in this executable both are answered here, on a thread that a life
// is lived on, and passed on to the system anywhere else. Asio's timers go by the same clock, and
// the work of pools is done where it is asked for, so that such a life needs no other thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace afterresume::lives {

// A machine's clocks, since it was switched on: what `boot_time_now` and `steady_clock` say there.
struct Machine {
    std::chrono::nanoseconds boot{std::chrono::hours(24)};
    // Stands still while the machine is suspended.
    std::chrono::nanoseconds steady{std::chrono::hours(20)};
};

// While it lives, the code of this thread runs on that machine.
class Running {
public:
    explicit Running(const Machine& machine);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
};

// While it lives, what this thread takes for chance comes from the seed.
class Seeded {
public:
    explicit Seeded(std::uint64_t seed);
    ~Seeded();
    Seeded(const Seeded&) = delete;
    Seeded& operator=(const Seeded&) = delete;
};

}  // namespace afterresume::lives
