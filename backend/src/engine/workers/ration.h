// Lets what may become slow take a small part of the time only.
#pragma once

#include <algorithm>
#include <chrono>

namespace afterresume::workers {

class Ration {
public:
    using Steady = std::chrono::steady_clock::time_point;

    bool is_due(Steady now) const { return now >= due_; }
    Steady due() const { return due_; }
    // One part in twenty; however long it took, the next is due within half a minute.
    void took(Steady begun, Steady ended) {
        constexpr std::chrono::steady_clock::duration longest_pause = std::chrono::seconds(30);
        due_ = ended + std::min(20 * (ended - begun), longest_pause);
    }

private:
    Steady due_{};
};

}  // namespace afterresume::workers
