#include "engine/workers/lookout.h"

#include <algorithm>

namespace afterresume::workers {

using namespace std::chrono_literals;

namespace {

// What became ready out of turn is looked for after this at the latest; at once while there is
// room.
constexpr auto look_back_every = 100ms;
// Transactions that make a job due may be so late.
constexpr auto promotes_back = 2s;

}  // namespace

jobs::Look Lookout::next(bool has_room, Steady now) const {
    if (!has_room && now - looked_back_ < look_back_every) return jobs::Look::onward;
    return everywhere_.is_due(now) ? jobs::Look::everywhere : jobs::Look::back;
}

Timestamp Lookout::due_since(jobs::Look look) const {
    return look == jobs::Look::everywhere ? Timestamp{} : promoted_ - promotes_back;
}

void Lookout::looked(jobs::Look look, Steady begun, Steady now, Timestamp at) {
    promoted_ = at;
    put_off_ = look != jobs::Look::everywhere;
    if (look == jobs::Look::onward) return;
    looked_back_ = now;
    if (look == jobs::Look::everywhere) everywhere_.took(begun, now);
}

void Lookout::demand_everywhere() {
    looked_back_ = {};
    everywhere_ = {};
}

std::chrono::milliseconds Lookout::sleep(std::chrono::milliseconds longest, Steady now) const {
    if (!put_off_) return longest;
    auto due = std::chrono::ceil<std::chrono::milliseconds>(everywhere_.due() - now);
    return std::clamp<std::chrono::milliseconds>(due, 1ms, std::max(longest, 1ms));
}

}  // namespace afterresume::workers
