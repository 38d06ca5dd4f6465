// What all of a life share: its time, its chance, and what happened in it.
#pragma once

#include "core/clock.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace afterresume::lives {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

class Course {
public:
    explicit Course(std::uint64_t seed) : dice_(seed) {}

    // Since the life began.
    nanoseconds time() const { return time_; }
    // What a clock shows that is right.
    Timestamp wall() const { return begin + std::chrono::floor<milliseconds>(time_); }
    void pass(nanoseconds time) { time_ += time; }

    std::uint64_t draw(std::uint64_t below) { return dice_() % below; }
    bool chance(std::uint64_t percent) { return draw(100) < percent; }
    milliseconds between(milliseconds least, milliseconds most) {
        auto span = static_cast<std::uint64_t>((most - least).count());
        return least + milliseconds(static_cast<std::int64_t>(draw(span + 1)));
    }

    template <class... Parts>
    void tell(fmt::format_string<Parts...> format, Parts&&... parts) {
        auto line = fmt::format(format, std::forward<Parts>(parts)...);
        told_.push_back(to_text(wall()) + " " + line);
        note(line);
    }
    // What is too much to be told counts for the digest alone.
    void note(std::string_view what) {
        for (char one : fmt::format("{} {}\n", time_.count(), what))
            digest_ = (digest_ ^ static_cast<unsigned char>(one)) * 0x100000001b3;
    }
    // What goes against a promise.
    template <class... Parts>
    void fault(fmt::format_string<Parts...> format, Parts&&... parts) {
        faults_.push_back(fmt::format(format, std::forward<Parts>(parts)...));
        tell("AGAINST A PROMISE: {}", faults_.back());
    }

    const std::vector<std::string>& told() const { return told_; }
    const std::vector<std::string>& faults() const { return faults_; }
    // Of two lives the same where all of them was (FNV-1a).
    std::uint64_t digest() const { return digest_; }

private:
    static constexpr Timestamp begin{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)};

    std::mt19937_64 dice_;
    nanoseconds time_{0};
    std::vector<std::string> told_;
    std::vector<std::string> faults_;
    std::uint64_t digest_ = 0xcbf29ce484222325;
};

}  // namespace afterresume::lives
