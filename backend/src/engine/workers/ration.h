// Lets what may become slow take a small part of the time only.
#pragma once

#include <algorithm>
#include <chrono>

namespace afterresume::workers {

class Ration {
public:
    using Steady = std::chrono::steady_clock::time_point;

    // Of the least pause and the longest, whatever it took.
    Ration(std::chrono::milliseconds least, std::chrono::milliseconds longest)
        : least_(least), longest_(longest) {}

    bool is_due(Steady now) const { return now >= due_; }
    Steady due() const { return due_; }
    void took(Steady begun, Steady ended) {
        constexpr int one_part_in = 20;
        due_ = ended + std::clamp<std::chrono::steady_clock::duration>(
                           one_part_in * (ended - begun), least_, longest_
                       );
    }
    void make_due() { due_ = {}; }

private:
    std::chrono::milliseconds least_;
    std::chrono::milliseconds longest_;
    Steady due_{};
};

}  // namespace afterresume::workers
